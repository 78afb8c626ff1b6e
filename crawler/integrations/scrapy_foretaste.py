"""Scrapy downloader middleware: the guard's verdict in response.meta["foretaste"], counted in the crawl's statistics.

settings.py:
    DOWNLOADER_MIDDLEWARES = {"scrapy_foretaste.ForetasteMiddleware": 560}

560 stands nearer to the downloader than the retry middleware (550), so a verdict is seen before anything is retried.
"""

import re

_VERDICT = re.compile(r'^(\w+);action=(\w+);id="([^"]*)";quorum="([^"]*)"')


class ForetasteMiddleware:
    @classmethod
    def from_crawler(cls, crawler):
        return cls(crawler.stats)

    def __init__(self, stats):
        self.stats = stats

    def process_response(self, request, response, spider=None):
        field = response.headers.get("Foretaste-Verdict", b"").decode("ascii")
        match = _VERDICT.match(field)
        if match:
            verdict, action, verdict_id, quorum = match.groups()
            request.meta["foretaste"] = {
                "verdict": verdict,
                "action": action,
                "id": verdict_id,
                "quorum": quorum,
                "findings": response.headers.get("Foretaste-Findings", b"").decode("ascii"),
            }
            self.stats.inc_value(f"foretaste/{verdict}")
        else:
            # Not from the guard: this crawl goes around it.
            self.stats.inc_value("foretaste/none")
        return response
