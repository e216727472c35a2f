// sha.js by what Node has. Apollo Server asks Node itself where it can, but not in a bundle, and
// would hash each document by a program of JavaScript.
module.exports = require('node:crypto').createHash
