import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { TestServer } from '../testing/test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const open = async (): Promise<{ socket: Socket; received: () => string }> => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let text = ''
  socket.on('data', chunk => {
    text += String(chunk)
  })
  await once(socket, 'connect')
  return { socket, received: () => text }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

describe('a connection', () => {
  it('is closed when a request arrives before the earlier one is answered', async () => {
    let answer = () => {}
    const gate = new Promise<void>(resolve => {
      answer = resolve
    })
    const check = server.services.readiness.check.bind(server.services.readiness)
    jest.spyOn(server.services.readiness, 'check').mockImplementation(async () => {
      await gate
      return check()
    })
    const { socket, received } = await open()
    const closed = once(socket, 'close')
    socket.write(get('/readyz') + get('/healthz') + get('/healthz'))
    await closed
    expect(received()).toBe('')
    answer()
  })

  it('answers one request after the other', async () => {
    const { socket, received } = await open()
    for (let count = 1; count <= 3; count += 1) {
      socket.write(get('/healthz'))
      while (received().split('{"status":"ok"}').length <= count) await once(socket, 'data')
    }
    socket.destroy()
  })
})
