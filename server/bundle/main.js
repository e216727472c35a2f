// Starts the server for units of systemd that earlier versions documented; the next version removes this file.
require('../dist/main.js')
