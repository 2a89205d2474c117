"""A business with two places. In three days it is Wednesday, in four Thursday."""

BRANCHES = b"""
business: {name: Barber & Co, timezone: Europe/Berlin, currency: EUR}
locations:
  - {name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.4}
  - {name: Side street, address: 2 Side St, latitude: 52.6, longitude: 13.5}
services:
  - {name: Cut, duration: 45m, step: 15m, min_notice: 0m, cancel_until: 0m, reminders: [2h]}
  - {name: Shave, duration: 30m, step: 15m, min_notice: 0m}
specialists:
  - name: Alice
    services: [Cut]
    locations: {mon-wed: Main street, thu-sun: Side street}
    hours: {mon-sun: ["09:00-18:00"]}
  - {name: Bob, services: [Cut, Shave], locations: [Side street], hours: {mon-sun: ["09:00-18:00"]}}
"""
