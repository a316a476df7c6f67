"""Reason codes, each with the English sentence it is told by. Code decides by the code; the sentence is for people alone.

A sentence is a format string over the reason's facts (:mod:`crawler.reasons.reason`). A sentence with ``{reason}`` is that
of a note: something added to another reason, before or behind its sentence. ``group`` is what a crawl's summary counts
the reason under, where that is not the sentence itself.

A code, once released, is never renamed: it stands in ledgers. What readers of the site see is worded in ``archive.site``.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """What happened. The value is what the ledger keeps."""

    sentence: str
    group: str | None

    def __new__(cls, code: str, sentence: str, group: str | None = None) -> Code:
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence, member.group = sentence, group
        return member

    OTHER = "other", "{said}"  # told by an earlier version in words that no code stands for
    NOT_SAID = "not-said", ""

    # what an address promises: views not worth fetching
    MALFORMED = "malformed", "the address is malformed"
    PRINT_VIEW = "print-view", "print view"
    PRINT_SAVE_OR_SEND = "print-save-or-send", "print, save or send view"
    SEND_FORM = "send-form", "form to send the page"
    SAVED_COPY = "saved-copy", "saved copy of a page"
    TAG_LIST = "tag-list", "tag list"
    AUTHOR_LIST = "author-list", "author list"
    TAG_OR_AUTHOR_LIST = "tag-or-author-list", "tag or author list"
    AUTHOR_OR_ACCOUNT = "author-or-account", "author or account page"
    LOG_IN = "log-in", "log-in or registration"
    LOG_IN_OR_EDITING = "log-in-or-editing", "log-in or editing"
    SEARCH = "search", "search page"
    FEED_VIEW = "feed-view", "feed"
    OTHER_FORMAT = "other-format", "feed or other format"
    FORMAT_VIEW = "format-view", "{format} view"
    CALENDAR = "calendar", "calendar"
    NOT_FOR_READERS = "not-for-readers", "no page for readers"
    A_VIEW = "a-view", "a view of a page, not a page"
    THE_PICTURE_PAGE = "the-picture-page", "the page of a picture"
    PICTURE_PAGE = "picture-page", "page of a picture"
    ANSWER_FORM = "answer-form", "form to answer or share"
    ANOTHER_ORDER = "another-order", "the same list in another order"
    ANOTHER_LANGUAGE = "another-language", "another language"
    SITE_LANGUAGE = "site-language", "another language of the site"
    ANOTHER_LOOK = "another-look", "another look of the same page"
    ANOTHER_STATE = "another-state", "another state of the same page"
    SERVICE_FORM = "service-form", "form or service of the site"
    SERVICE = "service", "service of the site"
    MACHINERY = "machinery", "machinery of the site"
    PORTLET = "portlet", "a form or a file of a portlet"

    # what an address promises: lists and articles
    HOME = "home", "the home page"
    FRONT_PAGE = "front-page", "a front page"
    LIST_ADDRESS = "list-address", "a list by its address"
    LIST_NUMBERED = "list-numbered", "a page of a list"
    LIST_OF_POSTS = "list-of-posts", "a list of posts"
    LIST_OF_COMPONENT = "list-of-component", "a list of the component"
    MODULE_PAGE = "module-page", "a module's page"
    MODULE_CATEGORY = "module-category", "a category of a module"
    NUMBER_AND_PAGE = "number-and-page", "a number and a page number"
    NUMBER_IN_PATH = "number-in-path", "an article number in the path"
    NUMBER_IN_QUERY = "number-in-query", "an article number in the query"
    NUMBER_IN_OP = "number-in-op", "an article number in op"
    NUMBER_OF_MODULE = "number-of-module", "an article number of a module"
    ITEM_NUMBER = "item-number", "an item number"
    ITEM_NUMBER_AND_NAME = "item-number-and-name", "an item number and a name"
    NODE_NUMBER = "node-number", "a node number"
    POST_NUMBER = "post-number", "a post number"
    DATE_AND_NAME = "date-and-name", "a date and a name in the path"
    NAME_AND_NUMBER = "name-and-number", "a name and a number"
    LONG_NAME_AND_NUMBER = "long-name-and-number", "a long name and a number"
    NUMBER_AND_LONG_NAME = "number-and-long-name", "a number and a long name"
    HEADLINE_NAME = "headline-name", "a name as long as a headline"
    K2_ITEM = "k2-item", "a K2 item"
    COM_CONTENT = "com-content", "a com_content article"
    COM_CONTENT_NAME = "com-content-name", "a number and a name, as com_content writes articles"
    NUKEVIET_NAME = "nukeviet-name", "a name and a number, as NukeViet writes articles"
    LIFERAY_ARTICLE = "liferay-article", "a Liferay article"
    SHAREPOINT_DATED = "sharepoint-dated", "a SharePoint page with its date"

    # traps
    TRAP_LONG_ADDRESS = "trap-long-address", "trap: an address of {characters:,} characters"
    TRAP_DEEP_PATH = "trap-deep-path", "trap: a path of {segments} segments"
    TRAP_LANGUAGES = "trap-languages", "trap: language segments pile up in the path"
    TRAP_PATH_REPEATS = "trap-path-repeats", "trap: the path repeats /{segment}/"
    TRAP_QUERY_REPEATS = "trap-query-repeats", "trap: the query repeats {key}"
    TRAP_MANY_KEYS = "trap-many-keys", "trap: a query of {keys} keys"
    TRAP_CALENDAR = "trap-calendar", "trap: a calendar"
    TRAP_SERIES = "trap-series", "trap: the numbered pages of this series bring nothing new"
    TRAP_BRANCH = "trap-branch", "trap: {pages} pages under {branch} led only deeper and to no article"
    TRAP_MADE_UP = (
        "trap-made-up",
        "trap: pages made up: found on one of {pages} or more that are the same but for their numbers",
    )
    TRAP_FORM_BARREN = "trap-form-barren", "trap: {pages} pages of the form in a row bring nothing new"
    TRAP_FORM_AGAIN = "trap-form-again", "trap: the form brings the same entries again, those of {known}"

    # not asked for
    ERASED = "erased", "it was erased from this archive and is not asked for again"
    ROBOTS_FORBIDS = "robots-forbids", "robots.txt forbids it"
    NOT_INCLUDED = "not-included", "not among what the portal's settings include"
    EXCLUDED = "excluded", "excluded by the portal's settings: {pattern}"
    OUTSIDE_HOST = "outside-host", "lies on a host outside the portal"
    FORM_GONE = "form-gone", "its form is gone: the list's first page gives it out anew"
    FORM_REFUSED = "form-refused", "{pages} pages of the form in a row gave none: {why}"
    RELEASED = "released", "released"

    # robots.txt itself
    ROBOTS_ANSWERS = "robots-answers", "robots.txt answers {status}"
    NO_ROBOTS = "no-robots", "no robots.txt ({status})"
    ROBOTS_IS_A_PAGE = "robots-is-a-page", "robots.txt is a page of HTML: taken as none"
    ROBOTS_MOVED = "robots-moved", "robots.txt redirects to {target}: taken as none"
    ROBOTS_READ = "robots-read", "robots.txt read"
    NOT_REACHED = "not-reached", "{said}"

    # no whole answer came; `asked` is the host or the proxy before it
    PRIVATE_ADDRESS = (
        "private-address",
        "{host} is at {address}, a loopback or private address: add the portal with --allow-private to permit it",
    )
    NAME_UNKNOWN = "name-unknown", "the host name {asked} does not resolve"
    NO_NAME_SERVER = "no-name-server", "no name server answers for {host}"
    NO_NETWORK = "no-network", "no network: {said}, asking {asked}"
    CONNECTION_REFUSED = "connection-refused", "{asked} refuses the connection"
    NO_ANSWER_IN_TIME = "no-answer-in-time", "{asked} did not answer within {seconds:g} s"
    NOT_FINISHED_IN_TIME = "not-finished-in-time", "{asked} did not finish its answer within {seconds:g} s"
    NO_TUNNEL = "no-tunnel", "{asked} opens no way to {host}: {said}"
    NO_CONNECTION = "no-connection", "no connection to {asked}: {said}"
    NO_TLS = "no-tls", "no TLS connection to {host}: {said}"
    NO_TLS_AT_ALL = (
        "no-tls-at-all",
        "no TLS connection to {host} at any setting, old protocols and ciphers included: {said}",
    )
    NOT_HTTP = "not-http", "the answer is no proper HTTP: {said}"
    NOT_HTTP_FROM_START = "not-http-from-start", "the answer is no proper HTTP: it begins with {bytes}"
    CONNECTION_BROKEN = "connection-broken", "{host} broke the connection off"
    EXCHANGE_FAILED = "exchange-failed", "the exchange failed: {error}: {said}"
    CLOSED_UNANSWERED = "closed-unanswered", "the server closed the connection without an answer"
    HEAD_TOO_LARGE = "head-too-large", "the head of the answer is larger than {kilobytes:g} kB"
    TOO_LARGE = "too-large", "larger than the limit of {megabytes:g} MB: cut off there"
    TOO_LARGE_INFLATED = "too-large-inflated", "larger than the limit of {megabytes:g} MB once it is decompressed"
    UNKNOWN_CODING = "unknown-coding", "encoded as {coding}, which was not asked for and is not read"
    CUT_OFF = "cut-off", "cut off: the connection ended after {size:,} bytes"

    # what the server answers
    SERVER_ANSWERS = "server-answers", "the server answers {status}"
    PROXY_PASSWORD = "proxy-password", "a proxy wants a password (407)"
    SERVER_REFUSES = "server-refuses", "the server refuses it ({status})"
    BLOCKED_BY_STATUS = "blocked-by-status", "blocked: {why} ({status})"
    HOME_MISSING = "home-missing", "the home page answers {status}: is the address right?"
    DEAD_LINK = "dead-link", "dead link ({status})", "dead link"
    NO_SITEMAP_THERE = "no-sitemap-there", "no sitemap there ({status})", "no sitemap there"
    NO_FEED_THERE = "no-feed-there", "no feed there ({status})", "no feed there"
    ARTICLE_MISSING = "article-missing", "the article answers {status}"
    ARTICLE_GONE = "article-gone", "the article answers {status} on every check over 14 days"
    FILE_MISSING = "file-missing", "its address answers {status}"
    NOT_MODIFIED = "not-modified", "the server says it has not changed (304)"
    NOT_MODIFIED_NEVER_KEPT = (
        "not-modified-never-kept",
        "the server says it has not changed (304), but it was never kept",
    )
    REDIRECTS = "redirects", "redirects to {target}", "redirects"
    REDIRECTS_NOWHERE = "redirects-nowhere", "redirects ({how}) to no address"
    REDIRECTS_OUT = "redirects-out", "redirects out of the portal, to {target}", "redirects out of the portal"
    REDIRECTS_HOME = "redirects-home", "redirects to the home page"
    REDIRECTS_IN_A_CIRCLE = "redirects-in-a-circle", "redirects in a circle, to {target}"
    MANY_REDIRECTS = "many-redirects", "more than {most} redirects, one leading to the next: the last to {target}"
    PORTAL_REDIRECTS = (
        "portal-redirects",
        "the portal redirects to {target}: add that address if it is the portal's new one",
    )

    # what was read; `why` is the evidence
    ARTICLE = "article", "read as an article"
    ARTICLE_UNCHANGED = "article-unchanged", "the article is kept already and has not changed"
    FILE = "file", "kept as a file ({type}, {size:,} bytes)"
    LIST = "list", "a list page: {why}"
    FEED = "feed", "a feed of {entries} entries"
    SITEMAP = "sitemap", "a sitemap of {pages} pages and {sitemaps} further sitemaps"
    FRAME_SET = "frame-set", "a frame set: its pages are {pages}"
    LINKS_ALONE = "links-alone", "a page of links alone"
    FORM_PAGE = "form-page", "page {number} of a list, by its form ({links} links)"
    FORM_PAGE_EMPTY = "form-page-empty", "page {number} of a list, by its form: nothing on it, the list ends before"
    FORM_PAGE_AGAIN = "form-page-again", "page {number} of a list, by its form: the same entries as {known}"
    FORM_NOT_TAKEN = "form-not-taken", "{known} came instead of page {number}: the server did not take the form"
    NO_SITEMAP = "no-sitemap", "no sitemap: nothing in it names a page", "no sitemap there"
    NO_FEED = "no-feed", "no feed: a page came instead", "no feed there"
    NO_FEED_EMPTY = "no-feed-empty", "no feed: an empty page came instead", "no feed there"
    PAGE_FOR_FILE = "page-for-file", "a page came where the file was"
    PAGE_FOR_PICTURE = "page-for-picture", "a page came where a picture or style was expected"
    FILE_FOR_ARTICLE = "file-for-article", "a file came where the article was ({type})", "a file"
    LISTING_PAGE = "listing-page", "listing: {why}", "listing"
    FEED_PAGE = "feed-page", "feed: {why}", "feed"
    STATIC_PAGE = "static-page", "static page: {why}", "static page"
    QUESTIONS_PAGE = "questions-page", "question and answer page: {why}", "question and answer page"
    LAW_LIST = "law-list", "list of legal documents: {why}", "list of legal documents"
    MEDIA_PAGE = "media-page", "video or photo page: {why}", "video or photo page"
    SEARCH_PAGE = "search-page", "search page: {why}", "search page"
    LOGIN_PAGE = "login-page", "login page: {why}", "login page"
    ERROR_PAGE = "error-page", "error page: {why}", "error page"
    BLOCKED_PAGE = "blocked-page", "blocked: {why}", "blocked"
    NEEDS_JAVASCRIPT = "needs-javascript", "needs JavaScript: {why}", "needs JavaScript"
    EMPTY_PAGE = "empty-page", "empty page: {why}", "empty page"
    BROKEN_PAGE = "broken-page", "broken page: {why}", "broken page"
    SPAM_PAGE = "spam-page", "spam page: {why}", "spam page"
    TOO_DENSE = "too-dense", "more than {tags:,} tags: not read"
    NOT_READ = "not-read", "the page could not be read: {error}: {said}"
    FATAL = "fatal", "reading it ended a crawl or took too long: left out for a day"

    # evidence of what a page is
    AT_ITS_PLACES = "at-its-places", "title, day and text stand where this portal's articles have them"
    PROSE_AT_ITS_PLACE = "prose-at-its-place", "title and text stand where this portal's articles have them"
    ONLY_TEASERS = "only-teasers", "it bears no theme of the portal's articles, and teasers of others"
    READ_BY_THEME = "read-by-theme", "read as an article by a theme of its portal"
    IS_XML_LIST = "is-xml-list", "the markup is a feed or another XML list"
    MUCH_MARKUP = "much-markup", "the page has {megabytes:.0f} MB of markup, more than is parsed"
    MARKUP_CUT_OFF = "markup-cut-off", "the markup is cut off before its end"
    BODY_EMPTY = "body-empty", "the body is empty"
    BODY_BINARY = "body-binary", "the body is binary, not text"
    MANY_ATTRIBUTES = "many-attributes", "a tag with more than {attributes:,} attributes"
    DEEPLY_NESTED = "deeply-nested", "more than {elements} elements are nested in each other"
    COOKIE_GATE = "cookie-gate", "a script sets a cookie and loads the page again"
    HUMAN_CHALLENGE = "human-challenge", "a challenge asks for proof of being human"
    SAYS_ERROR = "says-error", "the page says “{text}”"
    SAYS_SERVER_ERROR = "says-server-error", "a server error, the page says “{text}”"
    NO_SUCH_PAGE = "no-such-page", "WordPress says there is no such page"
    SITE_SWITCHED_OFF = "site-switched-off", "the address is that of a switched-off site"
    EMPTY_SHELL = "empty-shell", "an empty shell that scripts would fill"
    ONLY_A_REDIRECT = "only-a-redirect", "nothing but a redirect in the markup"
    ONLY_FRAMES = "only-frames", "nothing but a frame set"
    NO_WORDS = "no-words", "no words to read"
    NO_TITLE_NO_TEXT = "no-title-no-text", "no title and no text could be read"
    NAME_FOR_SALE = "name-for-sale", "its title says that the name is for sale"
    ADVERTISES = "advertises", "title and text advertise gambling or the like"
    BARE_TEXT_SHORT = "bare-text-short", "a bare text of a few words"
    BARE_TEXT = "bare-text", "a bare text with a title and paragraphs"
    BY_ADDRESS = "by-address", "{promise} by its address"
    ASKS_PASSWORD = "asks-password", "a password is asked and there is little else"
    TITLED_SEARCH = "titled-search", "its title says it is a search"
    TITLED_TAG = "titled-tag", "its title says it is a list under a tag or author"
    LAW_TABLE = "law-table", "a table of documents with number, date and subject"
    LAW_LABELS = "law-labels", "labels of legal documents: number, date of issue, signer"
    MARKED_QUESTIONS = "marked-questions", "the markup calls it questions and answers"
    QUESTIONS_SECTION = "questions-section", "questions and answers by address or section"
    QUESTIONS_COUNTED = "questions-counted", "{questions} questions with {answers} answers"
    MEDIA_SECTION = "media-section", "videos or photos with little text, by address or section"
    MEDIA_PLAYER = "media-player", "a player with hardly any text"
    STATIC_TITLE = "static-title", "its title is “{text}”"
    STATIC_ADDRESS = "static-address", "its address is that of a page about the site"
    STATIC_MENU = "static-menu", "a menu leads to it and it bears no date"
    STATIC_FORM = "static-form", "a form to write to the office"
    ONLY_A_FORM = "only-a-form", "a poll or another form, and no text of its own"
    ONLY_FILES = "only-files", "a table of files, and no text of its own"
    STATIC_NO_SIGNS = "static-no-signs", "a page without date or signs of an article"
    TEASERS = "teasers", "{entries} entries that lead to pages of their own"
    ENTRIES = "entries", "entries that lead to pages of their own"
    LITTLE_TEXT = "little-text", "hardly any text of its own"
    SIGNS_OF_ONE = "signs-of-one", "title, text and date of one article"
    TITLE_AND_PARAGRAPHS = "title-and-paragraphs", "a title with paragraphs under it"
    MARKED_ITEM = "marked-item", "{software} marks it as an item ({mark})"
    MARKED_LIST = "marked-list", "{software} marks it as a list ({mark})"
    MARKED = "marked", "{software} marks it as {type}"
    MODULE_OF = "module-of", "{software}'s module of {content}"
    NOT_OF_ITS_NEWS = "not-of-its-news", "a page of the site itself, not of its news"
    PAGE_OF_ATTACHMENT = "page-of-attachment", "the page of a picture or file"
    ONE_POST = "one-post", "one post in full"
    MANY_POSTS = "many-posts", "{posts} posts on one page"

    # notes: what is added to a reason
    ASKS_TO_WAIT = "asks-to-wait", "{reason}, asking to wait {seconds:.0f} s"
    TRIED = "tried", "{reason}; tried {tries:# time}, to be tried again"
    LAST_VISIT_FAILED = "last-visit-failed", "the last visit failed: {reason}"
    WAITS_FOR_LATER = "waits-for-later", "waits for a later crawl: {reason}"
    LEFT_ALONE = "left-alone", "{reason}: it is left alone for {seconds:g} s"
    UNTIL_ROBOTS = "until-robots", "{reason}; nothing of the host is fetched until its robots.txt answers"
    NO_PROOF = "no-proof", "{reason}: no article, and no proof that it was removed"
    COPY_STAYS = "copy-stays", "{reason}; the kept copy stays"
    GOES_ON_BY_FORM = "goes-on-by-form", "{reason}; it goes on by a form, posted for each page"
    FORM_NOT_CAPTURED = (
        "form-not-captured",
        "{reason}; it goes on by a form that scripts send, which is not captured: {why}",
    )
    FORM_OF_EARLIER_CRAWL = (
        "form-of-earlier-crawl",
        "{reason}; its form was of an earlier crawl, and is read anew from the list's first page",
    )
    BY_OLDER_RULE = "by-older-rule", "{reason} (by an older rule)"
    UNTIL_THAT_ENDED = "until-that-ended", "{reason}: waits until that has ended"

    # occurrences of schedules
    PROCESS_DIED = "process-died", "the process that crawled it died"
    DIED_IN_A_ROW = (
        "died-in-a-row",
        "the process that crawled it died {times} times in a row: its next occurrence is waited for",
    )
    CLOCK_WENT_BACK = "clock-went-back", "the clock went back by {span}"
    MISSED = (
        "missed",
        "{occurrences:# occurrence was/occurrences were} missed: nothing looked at the schedules from then on; one run catches up",
    )
    MANY_MISSED = (
        "many-missed",
        "more than {occurrences:# occurrence was/occurrences were} missed: nothing looked at the schedules from then on; one run catches up",
    )
    OUTSIDE_HOURS = "outside-hours", "outside its hours ({hours}): waits until they open"
    RUN_STILL_CRAWLS = "run-still-crawls", "overlapping: the run of {since} still crawls it"
    CRAWL_STILL_WORKS = "crawl-still-works", "overlapping: a crawl begun {since} works on it"
    NOT_IN_ARCHIVE = (
        "not-in-archive",
        "it is not in this archive any more: remove its schedule with  tinhuyen schedule remove {portal}",
    )
    PAUSED = "paused", "paused: tinhuyen resume {portal}"
    NO_ROOM = "no-room", "{said}"
    CRAWL_ENDED = "crawl-ended", "{outcome}"
    COULD_NOT_CRAWL = "could-not-crawl", "{said}"


TRAPS = frozenset(code for code in Code if code.value.startswith("trap-"))
"""An endless series of addresses."""

REDIRECTS = frozenset(
    (Code.REDIRECTS, Code.REDIRECTS_NOWHERE, Code.REDIRECTS_OUT, Code.REDIRECTS_HOME, Code.REDIRECTS_IN_A_CIRCLE)
)

LEFT_OUT = frozenset((Code.NOT_INCLUDED, Code.EXCLUDED))
"""By the portal's settings."""

OVERLAPPING = frozenset((Code.RUN_STILL_CRAWLS, Code.CRAWL_STILL_WORKS))
"""Another crawl works on the portal."""
