"""The one settings file: the code is the same everywhere, the environment differs."""

from datetime import timedelta
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF

from antq_portal import env
from antq_portal.log_config import logging_config
from antq_portal.production import refuse_unsafe
from antq_portal.schedule import BEAT_SCHEDULE

# ModelForm[User] and ModelAdmin[User] are written for mypy; Django itself cannot subscript them.
django_stubs_ext.monkeypatch()

BASE_DIR = env.BASE_DIR
VAR_DIR = BASE_DIR / "var"

ENVIRONMENT = env.choice("ANTQ_ENV", ("development", "production"), "development")
IS_PRODUCTION = ENVIRONMENT == "production"

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY", "")
if not SECRET_KEY and not IS_PRODUCTION:
    SECRET_KEY = env.development_secret()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if IS_PRODUCTION else "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# Only these addresses may tell the visitor's address in X-Forwarded-For.
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")

# --- Applications -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "apps.home",
    "apps.reports",
    "apps.programs",
    "apps.indicators",
    "apps.desk",
    "apps.papers",
    "apps.units",
    "apps.accounts",
    "apps.audit",
    "apps.core",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "template_partials",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_tables2",
    "django_filters",
    "csp",
]

# A tool of make check; servers do not have it.
if env.boolean("ANTQ_LINT_MIGRATIONS", default=False):
    INSTALLED_APPS.append("django_migration_linter")

MIDDLEWARE = [
    "apps.core.middleware.DatabaseGone",
    "apps.core.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.core.middleware.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "apps.accounts.permissions.FirstSignIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "antq_portal.urls"
WSGI_APPLICATION = "antq_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.home.views.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5.html"

# --- Database: PostgreSQL only; web and worker use the app login, migrations the owner's --------

DATABASE_LOGIN = env.choice("ANTQ_LOGIN", ("app", "owner"), "app")
# Short queries all of them: compiling one costs 0.1 s and saves nothing (seen on the sums).
_SESSION = (
    "-c jit=off "
    f"-c lock_timeout={env.whole_number('ANTQ_LOCK_TIMEOUT', 5)}s "
    f"-c statement_timeout={env.whole_number('ANTQ_STATEMENT_TIMEOUT', 30)}s"
)


def _database(url: str | None, name: str) -> dict[str, Any]:
    """Return Django's settings for one login; without an address, those of the embedded server."""
    values = env.database(url or f"postgresql://antq_app@/antq?host={env.RUN_DIR}", name=name)
    options = {"connect_timeout": 3, "options": _SESSION} | dict(values.pop("OPTIONS"))  # type: ignore[call-overload]
    return values | {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


_OWNER_URL = (
    env.text("DATABASE_OWNER_URL", "")
    or env.text("DATABASE_URL", "")
    or env.service_url("DATABASE_OWNER_URL", "database_owner.url")
)
_APP_URL = env.service_url("DATABASE_URL", "database.url") or _OWNER_URL
OWNER_DATABASE = _database(_OWNER_URL, "DATABASE_OWNER_URL")
APP_DATABASE = _database(_APP_URL, "DATABASE_URL")
# A copy, for Django and the tests write into it.
DATABASES = {"default": dict(OWNER_DATABASE if DATABASE_LOGIN == "owner" else APP_DATABASE)}

# --- Accounts and sessions --------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/dang-nhap/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 10}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "full_name")}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=9)
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = env.boolean("COOKIES_SECURE", default=IS_PRODUCTION)
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"
# Without TLS several portals may share a host name and differ by port only; cookies know no ports.
if not SESSION_COOKIE_SECURE:
    SESSION_COOKIE_NAME = f"antq_session_{env.text('PORT', '8000')}"
    CSRF_COOKIE_NAME = f"antq_csrf_{env.text('PORT', '8000')}"

# --- Language, time, numbers ------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["antq_portal.formats"]
USE_I18N = True
# Off, or ids in links and attributes would print as 12.345; vn_number groups what people read.
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------

HOTLINE = env.text("HOTLINE", "")  # shown at the foot of every page when set
PORTAL_VERSION = "0.1"

STATIC_URL = "/static/"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static",) if path.is_dir()]
STATIC_ROOT = env.text("STATIC_ROOT", str(VAR_DIR / "static"))
# The paper's fonts never go to a browser; compressing them only costs time.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "tgz", "bz2", "tbz", "xz", "br", "swf", "flv",
    "woff", "woff2", "ttf",
)  # fmt: skip
MEDIA_ROOT = env.text("MEDIA_ROOT", str(VAR_DIR / "files"))
# Nothing below MEDIA_ROOT has an address of its own: views check rights and send it.
MEDIA_URL = ""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 200

# --- Security headers -------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_HSTS_PRELOAD = IS_PRODUCTION
if env.boolean("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap's style sheet draws its arrows and ticks from data: pictures.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- Background work --------------------------------------------------------------------------

REDIS_URL = env.service_url("REDIS_URL", "redis.url") or f"unix://{env.RUN_DIR}/redis.sock?db=0"
CELERY_BROKER_URL = env.celery_broker(REDIS_URL)
# Jobs are rows and their results are columns; Celery keeps nothing.
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_SOFT_TIME_LIMIT = 10 * 60
CELERY_TASK_TIME_LIMIT = 11 * 60
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_CREATE_MISSING_QUEUES = True
# A page must not wait for an absent broker: the sweep rings again.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "retry_on_timeout": False,
    # Longer than the longest task, else Redis gives a running task to a second worker.
    "visibility_timeout": 3600,
}
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "beat-schedule")

# --- Mail, logging ----------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.whole_number("EMAIL_PORT", 25, least=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "antq@localhost")
LOGGING = logging_config(level=env.text("LOG_LEVEL", "INFO").upper())

# --- Production refuses what is unsafe --------------------------------------------------------

if IS_PRODUCTION:
    refuse_unsafe(
        debug=DEBUG,
        secret_key=SECRET_KEY,
        allowed_hosts=ALLOWED_HOSTS,
        cookies_secure=SESSION_COOKIE_SECURE,
        database_url=env.text("DATABASE_URL", ""),
        redis_url=env.text("REDIS_URL", ""),
    )
