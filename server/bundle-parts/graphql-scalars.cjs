// Of sixty scalars those that the schema has: the others would be made at each start.
module.exports = {
  ...require('../node_modules/graphql-scalars/cjs/scalars/iso-date/DateTimeISO.js'),
  ...require('../node_modules/graphql-scalars/cjs/scalars/json/JSON.js'),
}
