// Prints each operation as a line of JSON, the oldest first, and waits for new ones:
//   node follow-operations.mjs [after a cursor]
// Set REKEY_URL, and REKEY_TOKEN to a token with operations.read.
const { REKEY_URL, REKEY_TOKEN, POLL_SECONDS = '5' } = process.env
const headers = { 'content-type': 'application/json', authorization: `Bearer ${REKEY_TOKEN}` }
const query = `query ($after: String) { operations(order: OLDEST_FIRST, first: 100, after: $after) {
  edges { cursor node { id at action outcome actorName subjectName } } pageInfo { endCursor hasNextPage } } }`
for (let after = process.argv[2] ?? null; ; ) {
  const body = JSON.stringify({ query, variables: { after } })
  const answer = await fetch(`${REKEY_URL}/graphql`, { method: 'POST', headers, body })
  const { data, errors } = await answer.json()
  if (errors) throw new Error(errors[0].message)
  const { edges, pageInfo } = data.operations
  for (const { cursor, node } of edges) console.log(JSON.stringify({ cursor, ...node }))
  after = pageInfo.endCursor ?? after
  const waitMs = pageInfo.hasNextPage ? 0 : Number(POLL_SECONDS) * 1000
  await new Promise(resolve => setTimeout(resolve, waitMs))
}
