"""Logging: one line an event on standard error, never the content of a form or a cell."""


def logging_config(*, level: str) -> dict[str, object]:
    """Return the logging configuration for one level of detail."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "format": "{asctime} {levelname} {process:d} {name}: {message}",
                "style": "{",
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            # Its own lines carry addresses; gunicorn's access log has them already.
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # Unknown hosts are scanners' noise, not our errors.
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            "pikepdf": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # It logs each font that it subsets.
            "fontTools": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        },
    }
