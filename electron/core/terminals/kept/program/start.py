# Starts the process that stays.


def kills_processes():
    """Whether systemd ends what a user leaves running at logout."""
    answer = False
    paths = ["/etc/systemd/logind.conf"]
    for directory in ("/usr/lib/systemd/logind.conf.d", "/run/systemd/logind.conf.d", "/etc/systemd/logind.conf.d"):
        try:
            paths += sorted(os.path.join(directory, name) for name in os.listdir(directory) if name.endswith(".conf"))
        except OSError:
            pass
    for path in paths:
        try:
            with open(path, errors="replace") as text:
                for line in text:
                    name, _, value = line.partition("=")
                    if name.strip() == "KillUserProcesses":
                        answer = value.strip().lower() in ("yes", "true", "on", "1")
        except OSError:
            pass
    return answer


def become_shell(asked):
    for number in (signal.SIGPIPE, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    user = pwd.getpwuid(os.getuid())
    drop = ("OLDPWD", "PWD", "SHLVL", "_", "tunel_login")
    env = {name: value for name, value in os.environ.items() if name not in drop}
    # sshd has set both; a server of another kind may have given others.
    shell = env.get("SHELL") or user.pw_shell or "/bin/sh"
    home = env.get("HOME") or user.pw_dir
    env.update(TERM=asked["type"], HOME=home, SHELL=shell, USER=user.pw_name, LOGNAME=user.pw_name)
    try:
        os.chdir(home)
    except OSError:
        os.chdir("/")
    if asked["script"] is not None:
        os.execve("/bin/sh", ["sh", "-c", asked["script"]], env)
    if not os.path.exists(os.path.join(home, ".hushlogin")):
        for path in ("/run/motd.dynamic", "/etc/motd"):
            try:
                with open(path, errors="replace") as text:
                    sys.stdout.write(text.read(65536))
                    sys.stdout.flush()
            except OSError:
                pass
    os.execve(shell, ["-" + os.path.basename(shell)], env)


def hold(session, asked, listener):
    """The process that stays. Never returns."""
    shell, master = pty.fork()
    if shell == 0:
        try:
            become_shell(asked)
        except BaseException as error:
            os.write(2, ("%s\r\n" % error).encode())
        os._exit(126)
    os.set_blocking(master, False)
    holder = Holder(session, listener, shell, master, asked["idleSeconds"])
    holder.resize(asked["columns"], asked["rows"])
    holder.run()
    holder.finish()


def detach(kept):
    """Leaves the session, process group and files of whoever started it, except one file."""
    if os.fork():
        os._exit(0)
    os.setsid()
    if os.fork():
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.closerange(3, kept)
    os.closerange(kept + 1, 1024)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def start(session, asked, program):
    if kills_processes():
        return {"refused": "ends-at-logout"}
    os.umask(0o077)
    directory = os.path.join(root(), session)
    os.makedirs(directory, 0o700)
    record = {"id": session, "node": node(), "startedAt": int(time.time()), "title": asked["title"]}
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(socket_of(session))
        listener.listen(8)
        with open(os.path.join(directory, "program.py"), "wb") as copy:
            copy.write(program)
        with open(os.path.join(directory, "session.json"), "w") as text:
            json.dump(record, text)
    except OSError:
        forget(session)
        raise
    if os.fork() == 0:
        try:
            detach(listener.fileno())
            hold(session, asked, listener)
        finally:
            forget(session)
            os._exit(0)
    os.wait()
    return {"started": record}
