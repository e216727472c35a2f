// Styles have nothing to say in jsdom.
module.exports = {}
