import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 1024 })

/** An HTTP response. */
export interface HttpAnswer {
  readonly status: number
  /** The header Retry-After. */
  readonly retryAfter: string | undefined
  readonly text: string
}

/**
 * One browser with its cookies. It uses node:http, because fetch needs five times as much processor
 * time.
 */
export class HttpSession {
  private readonly cookies = new Map<string, string>()

  constructor(readonly origin: string) {}

  /** Deletes a cookie, as a browser does when the server says so. */
  forget(name: string): void {
    this.cookies.delete(name)
  }

  /** Sends JSON and returns the response, whatever its status. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const headers = {
        origin: this.origin,
        'content-type': 'application/json',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      }
      const asked = request(this.origin + path, { method, agent, headers }, response => {
        for (const cookie of response.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
          this.cookies.set(name, value)
        }
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 500,
            retryAfter: response.headers['retry-after'],
            text: Buffer.concat(chunks).toString(),
          }),
        )
      })
      asked.on('error', reject)
      asked.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** Sends JSON and returns the JSON of the response; throws if the status is an error. */
  async send<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const { status, text } = await this.ask(method, path, body)
    if (status >= 400) throw new Error(`${path}: ${status} ${text}`)
    return JSON.parse(text) as Answer
  }

  /** Sends a GraphQL request; throws if the response has GraphQL errors. */
  async query<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const answer = await this.send<{ data: Data; errors?: unknown[] }>('POST', '/graphql', {
      query,
      variables,
    })
    if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors))
    return answer.data
  }
}
