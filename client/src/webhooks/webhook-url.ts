/** What is wrong with an address wherever it leads; null when nothing is. */
export const problemOfUrl = (typed: string): string | null => {
  if (typed === '') return 'Enter an address.'
  if (!/^https?:\/\/[^/]/i.test(typed) || !URL.canParse(typed)) {
    return 'This is no address such as https://example.com/webhooks.'
  }
  const { username, password, hash } = new URL(typed)
  if (username !== '' || password !== '') {
    return 'Leave user and password out: the signature shows who sends.'
  }
  // Whether http will do, and which hosts, depends on the server, which judges the rest as well.
  return hash === '' ? null : 'Leave out what follows the #: it is never sent.'
}
