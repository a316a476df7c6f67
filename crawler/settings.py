"""Scrapy settings of the project, each with its reason. What an archive says of itself (delay, contact) comes on top."""

import importlib.metadata

VERSION = importlib.metadata.version("tinhuyen")

BOT_NAME = "tinhuyen"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
SPIDER_LOADER_CLASS = "crawler.spiders.loader.PortalSpiderLoader"

# Honest, with a contact added from the archive's settings.
USER_AGENT = f"TinHuyen/{VERSION} (archive of local-government news)"
ROBOTS_AGENT = "TinHuyen"

# The frontier gives out only what may go now, one request in flight per host: the downloader itself never waits.
SCHEDULER = "crawler.crawl.scheduler.FrontierScheduler"
CONCURRENT_REQUESTS = 64
CONCURRENT_ITEMS = 1  # default 100: so many tasks are made for every answer, and a page brings no item
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # default 8
DOWNLOAD_DELAY = 0  # the frontier's, host by host
DOWNLOAD_DELAY_JITTER = 0
AUTOTHROTTLE_ENABLED = False

# Every exchange is recorded on the wire.
DOWNLOAD_HANDLERS = {
    "http": "crawler.fetch.wire.WireHandler",
    "https": "crawler.fetch.wire.WireHandler",
}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
    # Scrapy offers br and zstd as soon as their libraries are there: WARC tools cannot read them.
    "Accept-Encoding": "gzip, deflate",
}
DOWNLOAD_VERIFY_CERTIFICATES = True  # default False: a bad certificate would pass unnoticed
DOWNLOAD_TIMEOUT = 60  # default 180; shorter than a lease
DOWNLOAD_MAXSIZE = 64_000_000  # default 1 GiB; per request less, see tinhuyen.toml
DOWNLOAD_WARNSIZE = 0  # a limit that was reached is told in the ledger
DOWNLOAD_FAIL_ON_DATALOSS = False  # a page cut off is kept as it came, and marked

# Redirects, retries, robots and media are the frontier's own: Scrapy's middlewares for them re-enter as requests
# without a row in the ledger, and robots and media bypass politeness.
ROBOTSTXT_OBEY = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
RETRY_ENABLED = False
COOKIES_ENABLED = False  # a portal's language and session would stick to later pages
HTTPCACHE_ENABLED = False
# What is left out here would be imported even when it is switched off, and asked on every page even when it does nothing.
# tests/test_settings.py compares the names and numbers with Scrapy's own.
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25}
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
}
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
}

EXTENSIONS = {"crawler.crawl.extension.ArchiveExtension": 100}

# Both listen on loopback; RemoteControl runs code sent to it and is on by default.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
LOG_LEVEL = "INFO"
WARN_ON_GENERATOR_RETURN_VALUE = False  # would read the source of the callback for every page
LOGSTATS_INTERVAL = 0
"""The command line tells progress itself."""


def user_agent(agent: str, contact: str) -> str:
    """The user agent with the archive's contact in it, fit for a header."""
    clean = "".join(c for c in contact if c.isprintable()).replace("(", "").replace(")", "")
    if not clean or not agent.endswith(")"):
        return agent
    return f"{agent[:-1]}; {clean.encode('ascii', 'ignore').decode()})"
