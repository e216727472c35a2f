// Zod's messages in some fifty languages, of which it takes the English ones from elsewhere.
module.exports = {}
