"""A customer who runs late says so, and whoever waits hears of it. Its handlers are worker.own_visits's."""
