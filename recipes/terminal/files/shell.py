"""The shell in a pty of its own."""

import os
import pty
import pwd


def start_shell(wanted):
    """Its process and its end of the pty; the same environment as the job, without what belongs to this program."""
    shell = wanted or pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh"
    if not wanted and not os.access(shell, os.X_OK):
        shell = "/bin/sh"
    child, master = pty.fork()
    if child:
        return child, master
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TUNEL_")}
    environment.update(TERM="xterm-256color", COLORTERM="truecolor", SHELL=environment.get("SHELL") or shell)
    # Jobs often have no locale, and then a shell takes every letter beyond ASCII for a command of its line editor.
    given = [environment.pop(name) for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name) in ("C", "POSIX")]
    if given or not any(environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        environment["LANG"] = "C.UTF-8"
    mask = os.environ.get("TUNEL_UMASK")
    if mask:
        os.umask(int(mask, 8))
    # A leading hyphen makes a shell a login shell, as ssh does.
    name = os.path.basename(shell) if wanted else "-" + os.path.basename(shell)
    try:
        os.execvpe(shell, [name], environment)
    except OSError as error:
        os.write(2, ("%s could not be started: %s\r\n" % (shell, error)).encode())
        os._exit(127)
