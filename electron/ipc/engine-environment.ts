const allowed = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TMP', 'TEMP'],
  // Agents, tickets and the keychain, with the display its unlock window needs.
  ...['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'KRB5CCNAME', 'DBUS_SESSION_BUS_ADDRESS', 'GNOME_KEYRING_CONTROL'],
  ...['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY'],
  ...['SYSTEMROOT', 'WINDIR', 'USERPROFILE', 'USERNAME', 'USERDOMAIN', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA'],
  ...['HOMEDRIVE', 'HOMEPATH', 'PATHEXT', 'COMSPEC', 'SYSTEMDRIVE'],
]);
const prefixes = ['LC_', 'XDG_', 'TUNEL_'];

/** What of this process's environment the engine needs; NODE_OPTIONS, LD_PRELOAD and the like stay behind. */
export function engineEnvironment(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => {
      const name = pair[0].toUpperCase();
      return pair[1] !== undefined && (allowed.has(name) || prefixes.some((prefix) => name.startsWith(prefix)));
    }),
  );
}
