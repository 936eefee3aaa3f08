/** Makes the command `module` available in a shell that is no login shell, where the site has it. */
export const makeModuleAvailable = `if ! command -v module >/dev/null 2>&1; then
  for file in /etc/profile.d/lmod.sh /etc/profile.d/z00_lmod.sh /etc/profile.d/modules.sh \\
    "\${LMOD_PKG:-/usr/share/lmod/lmod}/init/bash" "\${MODULESHOME:-/usr/share/modules}/init/bash" /etc/profile; do
    command -v module >/dev/null 2>&1 && break
    [ -r "$file" ] && . "$file"
  done
fi
`;
