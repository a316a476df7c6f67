"""When portals are crawled: rules, what is due, and whoever runs it: a timer, cron, or ``tinhuyen schedule daemon``."""
