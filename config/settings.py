"""Settings of Parvis. Everything that differs between two installations comes from the environment."""

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from launcher.database import default_url

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("PARVIS_VAR", BASE_DIR / "var")).resolve()


def _flag(name: str) -> bool:
    return os.environ.get(name, "") in {"1", "true", "yes"}


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _secret_key() -> str:
    """The key of the environment, else one made once and kept readable by its owner alone."""
    if key := os.environ.get("PARVIS_SECRET_KEY"):
        return key
    path = VAR_DIR / "secret-key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        draft = VAR_DIR / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        # link() refuses to replace: two processes that start together keep the same key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def database_settings(url: str) -> dict[str, object]:
    """Django's settings of a libpq address; what Django has no name for (sslmode…) goes to the driver as it is."""
    found = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": found.pop("dbname", "parvis"),
        "USER": found.pop("user", ""),
        "PASSWORD": found.pop("password", ""),
        "HOST": found.pop("host", ""),
        "PORT": found.pop("port", ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # The pool lives in the process; a pgbouncer is not needed on one machine.
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
            # A clear "busy, try again" rather than a long silence; a forgotten transaction holds nobody up.
            "options": "-c lock_timeout=3s -c idle_in_transaction_session_timeout=60s",
            **found,
        },
        "ATOMIC_REQUESTS": False,
    }


SECRET_KEY = _secret_key()
DEBUG = False
DEMO = _flag("PARVIS_DEMO")
SECURE = _flag("PARVIS_HTTPS")
ALLOWED_HOSTS = _words("PARVIS_HOSTS", "*" if DEMO else "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _words("PARVIS_ORIGINS")

# The clock of common.clock: empty for the real time, else "2017-12-11T08:30@20x" or the path of a file that says so.
CLOCK = os.environ.get("PARVIS_CLOCK", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "parvis.common",
    "parvis.journal",
    "parvis.offices",
    "parvis.procedures",
    "parvis.people",
    "parvis.messages",
    "parvis.casefiles",
    "parvis.permits",
    "parvis.booking",
    "parvis.reception",
    "parvis.indicators",
    "parvis.api",
    "parvis.rehearsal",
    "parvis.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "parvis.web.middleware.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "parvis.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "parvis.web.middleware.AccessMiddleware",
    "parvis.web.middleware.BusinessErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parvis.web.context.parvis",
            ],
        },
    }
]

DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL") or default_url(VAR_DIR))}
# Failed sign-ins are counted here: a cache of each worker's own would give as many attempts as there are workers.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "common_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["parvis.web.account.backend.RolesOnly"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "parvis.web.account.adapter.AgentsOnly"
# Behind the proxy, failed sign-ins are counted by the address that the proxy saw, not by the proxy's own.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"

# Where people find the pages: the address in the QR codes that paper carries.
PUBLIC_URL = os.environ.get("PARVIS_PUBLIC_URL", f"http://localhost:{os.environ.get('PARVIS_PORT', '8000')}").rstrip(
    "/"
)

# smtp://user:password@host:587 (STARTTLS), smtps://…:465, smtp+plain://… for a server on this machine or network.
_mail = urlsplit(os.environ.get("PARVIS_SMTP_URL", ""))
MAIL_CONNECTED = bool(_mail.hostname)
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or {"smtps": 465, "smtp+plain": 25}.get(_mail.scheme, 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("PARVIS_MAIL_FROM", "Parvis <ne-pas-repondre@localhost>")
MAIL_REPLY_TO = os.environ.get("PARVIS_MAIL_REPLY_TO", "")
# Any gateway that takes {"to", "text", "reference"} as JSON; it says what became of a message with the secret.
SMS_URL = os.environ.get("PARVIS_SMS_URL", "")
SMS_TOKEN = os.environ.get("PARVIS_SMS_TOKEN", "")
RECEIPT_SECRET = os.environ.get("PARVIS_RECEIPT_SECRET", "")

# The names typed for tickets are erased after so many days.
TICKET_NAMES_DAYS = max(1, int(os.environ.get("PARVIS_TICKET_NAMES_DAYS", "60")))

# A shared machine that nobody touches covers its screen after so many seconds.
LOCK_AFTER_SECONDS = int(os.environ.get("PARVIS_LOCK_AFTER", "300"))

# The address of an appointment or a request opens it for so many days after the visit, or after the request has ended.
LINK_DAYS = int(os.environ.get("PARVIS_LINK_DAYS", "30"))
# A certificate of request can be checked for so many days: two years, the time in which a judge may be asked.
CERTIFICATE_DAYS = int(os.environ.get("PARVIS_CERTIFICATE_DAYS", "731"))

# Live updates run in a process of their own, on the same machine name and another port unless a proxy joins them.
LIVE_PORT = int(os.environ.get("PARVIS_LIVE_PORT", "8001"))
LIVE_CONNECTIONS = int(os.environ.get("PARVIS_LIVE_CONNECTIONS", "4000"))
# Many phones share the address of an operator or of the office's own network.
LIVE_CONNECTIONS_PER_ADDRESS = int(os.environ.get("PARVIS_LIVE_CONNECTIONS_PER_ADDRESS", "1500"))
LIVE_ORIGIN = os.environ.get("PARVIS_LIVE_ORIGIN", "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "connect-src": ["'self'", LIVE_ORIGIN or f"*:{LIVE_PORT}"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
    }
}

# People read French first; msgids are the office's own words. The public screens grow to ten languages.
LANGUAGE_CODE = "fr"
LANGUAGES = [
    ("fr", _("Français")),
    ("fr-simple", _("Français facile")),
    ("en", _("English")),
    ("es", _("Español")),
    ("pt", _("Português")),
    ("ar", _("العربية")),
    ("tr", _("Türkçe")),
    ("zh-hans", _("中文")),
    ("uk", _("Українська")),
    ("ta", _("தமிழ்")),
]
LANGUAGE_COOKIE_NAME = "parvis_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# A form of this product never needs more: what is larger is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"keys": {"()": "config.logs.WithoutKeys"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["keys"]}},
    # Said at each start of each process, and of use to nobody.
    "loggers": {f"procrastinate.{name}": {"level": "WARNING"} for name in ("blueprints", "periodic")},
    "root": {"handlers": ["stderr"], "level": os.environ.get("PARVIS_LOG_LEVEL", "INFO")},
}
