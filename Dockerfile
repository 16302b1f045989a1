# The dashboard as a non-root service. Data lives in the /data volume; put a proxy with sign-in before it.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/lanewise \
    && /opt/lanewise/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
# The build backend is in the lock: nothing else is downloaded.
RUN /opt/lanewise/bin/python -m hatchling build -t wheel \
    && /opt/lanewise/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-index dist/*.whl

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 lanewise && mkdir /data && chown lanewise /data
COPY --from=build /opt/lanewise /opt/lanewise
USER lanewise
ENV PATH=/opt/lanewise/bin:$PATH LANEWISE_HOME=/data PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; assert u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4).read() == b'ok'"]
# Inside the container all interfaces; publish the port on 127.0.0.1 unless a proxy guards it.
CMD ["lanewise", "serve", "--address", "0.0.0.0", "--port", "8501", "--no-browser"]
