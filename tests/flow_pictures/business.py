"""The shop in which the pictures are taken."""

BUSINESS = """
business: {{name: Barber & Co, timezone: {zone}, currency: EUR, language: en}}
locations:
  - {{name: Main street, address: "Unter den Linden 17, 10117 Berlin"}}
services:
  - {{name: Haircut, duration: 45m, price: 35, min_notice: 0m, reminders: [24h, 2h], confirm_until: 3h}}
  - {{name: Beard trim, duration: 20m, price: 18, min_notice: 0m}}
  - {{name: Colour, duration: 1h30m, price: {{from: 70}}, min_notice: 0m, approval: true}}
  - {{name: The full works, duration: 1h30m, price: 69, deposit: 10, min_notice: 0m}}
  - {{name: Shaving class, duration: 2h, price: 25, step: 1h, min_notice: 0m, capacity: 6, max_places: 4}}
  - {{name: Wedding style, duration: 1h, price: 90, min_notice: 0m, move_until: 2h, cancel_until: 2h}}
  - name: First visit
    duration: 30m
    price: free
    min_notice: 0m
    questions:
      - {{ask: How long is your hair?, choices: [Short, To the shoulders, Longer], required: true}}
      - {{ask: Anything that we should know?}}
specialists:
  - name: Alice
    telegram_id: 1001
    services: [Haircut, Beard trim, Colour, The full works, First visit]
    hours: {{mon-sun: ["09:00-13:30", "14:00-19:00"]}}
  - name: Boris
    services: [Haircut, Beard trim, The full works]
    hours: {{mon-sun: ["11:00-19:00"]}}
  - {{name: Chloé, services: [Shaving class], hours: {{mon-sun: ["16:00-20:00"]}}}}
  - {{name: Dora, telegram_id: 1003, services: [Wedding style], hours: {{mon-sun: ["10:00-11:00"]}}}}
roles: {{owner: [1000], admin: []}}
"""
