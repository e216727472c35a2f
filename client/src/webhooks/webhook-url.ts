/** Explains what is wrong with a URL, as far as the browser can tell; null if nothing is. */
export const problemOfUrl = (typed: string): string | null => {
  if (typed === '') return 'Enter a URL.'
  if (!/^https?:\/\/[^/]/i.test(typed) || !URL.canParse(typed)) {
    return 'Enter a URL such as https://example.com/webhooks.'
  }
  const { username, password, hash } = new URL(typed)
  if (username !== '' || password !== '') {
    return 'Remove the user name and password from the URL. Receivers check the signature instead.'
  }
  // The server checks the rest: its settings decide whether http and private hosts are allowed.
  return hash === '' ? null : 'Remove the # and everything after it. It is never sent.'
}
