# The bot in a container: docs/operations.md says how it is run. Only wheels whose hashes the lock names are installed.
FROM python:3.13-slim AS packages
COPY requirements.lock /
RUN python -m venv /packages \
    && /packages/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: --requirement /requirements.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin greenlight \
    && install --directory --owner=greenlight --mode=700 /data
COPY --from=packages /packages /packages
COPY bot /greenlight/bot
COPY demo /greenlight/demo
COPY domain /greenlight/domain
COPY sandbox /greenlight/sandbox
COPY storage /greenlight/storage
ENV PATH=/packages/bin:$PATH \
    PYTHONPATH=/greenlight \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GREENLIGHT_DATABASE_URL=sqlite:////data/greenlight.db \
    GREENLIGHT_FILES=/data/files \
    GREENLIGHT_LISTEN=0.0.0.0:8090 \
    GREENLIGHT_MONITOR=0.0.0.0:9464
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8090 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
