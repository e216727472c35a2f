const timeoutMs = 10_000

/** Sends messages to the SMS gateway. docs/operating/mail-and-messages.md describes the requests. */
export class SmsGateway {
  private readonly address: string
  private readonly headers: Record<string, string>

  constructor(url: URL) {
    const address = new URL(url)
    const { username, password } = address
    address.username = ''
    address.password = ''
    const credentials = [username, password].map(decodeURIComponent).join(':')
    this.address = address.href
    this.headers = {
      'content-type': 'application/json',
      ...(username === ''
        ? {}
        : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    }
  }

  /**
   * Sends one message.
   *
   * @param to the number in E.164. @throws if the gateway does not accept the message within
   * ten seconds. The error contains neither the message nor the number.
   */
  async send(to: string, text: string): Promise<void> {
    const answer = await fetch(this.address, {
      method: 'POST',
      headers: this.headers,
      body: JSON.stringify({ to, text }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`The SMS gateway answered ${answer.status}.`)
  }
}
