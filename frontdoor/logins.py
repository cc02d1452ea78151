"""The two logins and the database; made here, never by a migration."""

import json
import secrets
from dataclasses import asdict, dataclass
from urllib.parse import quote

import psycopg2
from psycopg2 import extensions, sql

from frontdoor import places
from frontdoor.postgres import ADMIN, Server

DATABASE = "antq"
OWNER = "antq_owner"
APP = "antq_app"
PASSWORD_FILE = places.RUN_DIR / "passwords.json"


@dataclass(frozen=True, slots=True)
class Passwords:
    """The passwords of this clone's server, known to var/run/passwords.json only."""

    admin: str
    owner: str
    app: str


def load_passwords() -> tuple[Passwords, bool]:
    """Return the passwords and whether they are new."""
    if PASSWORD_FILE.is_file():
        return Passwords(**json.loads(PASSWORD_FILE.read_text(encoding="utf-8"))), False
    passwords = Passwords(*(secrets.token_urlsafe(24) for _ in range(3)))
    places.write_secret(PASSWORD_FILE, json.dumps(asdict(passwords)))
    return passwords, True


def prepare(server: Server, passwords: Passwords) -> None:
    """Create or repair logins, database and default privileges; safe to repeat."""
    with _Session(server, passwords, "postgres") as connection:
        _make_login(connection, OWNER, passwords.owner, "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE")
        _make_login(connection, APP, passwords.app, "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE")
        _let_owner_act_as_app(connection)
        _make_database(connection)
    # template1 hands its default privileges to the databases that tests create.
    for name in ("template1", DATABASE):
        with _Session(server, passwords, name) as connection:
            _give_defaults(connection)


def address(server: Server, user: str, password: str) -> str:
    """Return the database's address for one login."""
    return f"postgresql://{user}:{quote(password, safe='')}@/{DATABASE}?host={server.sockets}"


def write_addresses(server: Server, passwords: Passwords) -> None:
    """Leave the addresses in var/run for antq_portal.env."""
    app = address(server, APP, passwords.app)
    owner = address(server, OWNER, passwords.owner)
    places.write_secret(places.RUN_DIR / "database.url", app)
    places.write_secret(places.RUN_DIR / "database_owner.url", owner)


class _Session:
    """A connection of the administrator that commits each statement and is closed at the end."""

    def __init__(self, server: Server, passwords: Passwords, database: str) -> None:
        self.connection = psycopg2.connect(
            host=str(server.sockets),
            port=5432,
            user=ADMIN,
            password=passwords.admin,
            dbname=database,
        )
        self.connection.autocommit = True

    def __enter__(self) -> extensions.connection:
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def _make_login(connection: extensions.connection, name: str, password: str, rights: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(
            sql.SQL("{} ROLE {} {} PASSWORD {}").format(
                sql.SQL(verb), sql.Identifier(name), sql.SQL(rights), sql.Literal(password)
            )
        )


def _let_owner_act_as_app(connection: extensions.connection) -> None:
    """Let tests, which use the owner's login, SET ROLE to the app and see what it may not do."""
    with connection.cursor() as cursor:
        statement = sql.SQL("GRANT {app} TO {owner} WITH INHERIT FALSE, SET TRUE")
        cursor.execute(statement.format(app=sql.Identifier(APP), owner=sql.Identifier(OWNER)))


def _make_database(connection: extensions.connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )


def _give_defaults(connection: extensions.connection) -> None:
    """Let the app login read and write the tables that the owner will create, and nothing else."""
    names = {"owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
    with connection.cursor() as cursor:
        for rights in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
            statement = f"ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} GRANT {rights} TO {{app}}"
            cursor.execute(sql.SQL(statement).format(**names))
