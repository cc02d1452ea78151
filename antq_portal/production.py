"""Production does not start with settings that are fit for a desk only."""

from antq_portal.env import SettingsError

LEAST_SECRET_LENGTH = 50
LEAST_SECRET_VARIETY = 10
DEFAULT_SECRETS = ("change", "default", "django-insecure", "example", "secret-key", "đổi")


def refuse_unsafe(
    *,
    debug: bool,
    secret_key: str,
    allowed_hosts: list[str],
    cookies_secure: bool,
    database_url: str,
    redis_url: str,
) -> None:
    """Raise with every unsafe or missing value named, and with what to write instead."""
    faults: list[str] = []
    if debug:
        faults.append("DEBUG is on: remove it; error pages would show the code and the data.")
    if fault := _secret_fault(secret_key):
        faults.append(fault)
    if not allowed_hosts or any(host.startswith(("*", ".")) for host in allowed_hosts):
        faults.append("ALLOWED_HOSTS is empty or has a wildcard: list the exact host names.")
    if not cookies_secure:
        faults.append("COOKIES_SECURE is off: remove it; a session would travel without TLS.")
    if not database_url:
        faults.append(
            "DATABASE_URL (or DATABASE_URL_FILE) is not set: give the app login's address."
        )
    if not redis_url:
        faults.append("REDIS_URL (or REDIS_URL_FILE) is not set: give the broker's address.")
    if faults:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        msg = f"ANTQ_ENV=production, but the portal will not start like this:\n{lines}"
        raise SettingsError(msg)


def _secret_fault(secret_key: str) -> str | None:
    advice = (
        "write 64 random signs, for example from: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'."
    )
    if not secret_key:
        return f"SECRET_KEY (or SECRET_KEY_FILE) is not set: {advice}"
    if len(secret_key) < LEAST_SECRET_LENGTH or len(set(secret_key)) < LEAST_SECRET_VARIETY:
        return f"SECRET_KEY is too short or too simple: {advice}"
    if any(word in secret_key.lower() for word in DEFAULT_SECRETS):
        return f"SECRET_KEY looks like an example: {advice}"
    return None
