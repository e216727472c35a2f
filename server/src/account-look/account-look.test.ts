import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { contrastOf } from '@rekey/shared/accent'
import { createFeatures } from '../app/features.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { defaultAccountLook } from '../settings/account-look.js'
import { Mailbox } from '../testing/mailbox.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

let mailbox: Mailbox
let server: TestServer
let admin: UserEntity
let client: TestClient
beforeAll(async () => {
  const started = await Mailbox.start()
  mailbox = started.mailbox
  server = await TestServer.start({
    SMTP_URL: started.url,
    MAIL_FROM: 'The panel <no-reply@rekey.example>',
  })
  admin = await server.addUser({ role: 'ADMIN' })
  client = await server.signedIn(admin)
})
afterAll(async () => {
  await server.stop()
  await mailbox.stop()
})
afterEach(() =>
  server.database.write(unit => server.services.settings.saveLook(unit, defaultAccountLook, null)),
)

const fields = 'name accentColor shades logoUrl'

const update = async (input: Record<string, unknown>, by = client) => {
  const { data, errors } = await by.query(
    `mutation ($input: UpdateAccountLookInput!) {
      updateAccountLook(input: $input) {
        look { ${fields} }
        errors { ... on UserError { message path } }
      }
    }`,
    { input },
  )
  return data?.updateAccountLook ?? errors
}

const lookSeenBy = async (by: TestClient) => (await by.query(`{ accountLook { ${fields} } }`)).data

const chunk = (type: string, data: Buffer) => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** A PNG file with its parts as given. */
const pngOf = ({
  width = 4,
  height = 4,
  depth = 8,
  colorType = 6,
  interlace = 0,
  raw = Buffer.alloc(height * (1 + width * 4)),
  extra = Buffer.alloc(0),
}: {
  width?: number
  height?: number
  depth?: number
  colorType?: number
  interlace?: number
  raw?: Buffer
  extra?: Buffer
} = {}) => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colorType, 0, 0, interlace], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    extra,
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Four lines of four indexes of a palette. */
const lines = Buffer.alloc(4 * 5)
const black = chunk('PLTE', Buffer.alloc(3))
const wrongChecksum = pngOf()
wrongChecksum.writeUInt8((wrongChecksum.at(30) ?? 0) ^ 1, 30)

const logoProblem = async (file: Buffer) =>
  (await update({ logo: file.toString('base64') })).errors.map(({ message }: Error) => message)

describe('the look of the account', () => {
  it('is shown to everyone, and is Rekey’s own until it changes', async () => {
    expect(await lookSeenBy(server.client())).toEqual({
      accountLook: { name: 'Rekey', accentColor: null, shades: null, logoUrl: null },
    })
    await update({ name: '  Acme & Söhne ', accentColor: '#FFCC00' })
    expect(await lookSeenBy(server.client())).toMatchObject({
      accountLook: { name: 'Acme & Söhne', accentColor: '#ffcc00' },
    })
  })

  it('has shades with enough contrast, whatever the colour', async () => {
    const { look } = await update({ accentColor: '#ffff00' })
    expect(contrastOf(look.shades[7], '#f1f3f5')).toBeGreaterThanOrEqual(4.5)
    expect(contrastOf(look.shades[6], '#242424')).toBeGreaterThanOrEqual(3)
  })

  it('changes only in the given fields, and returns to Rekey’s own with null', async () => {
    await update({ name: 'Acme', accentColor: '#7a0019' })
    expect(await update({ name: null })).toMatchObject({
      look: { name: 'Rekey', accentColor: '#7a0019' },
    })
    expect(await update({ accentColor: '' })).toMatchObject({ look: { shades: null } })
  })

  it.each([
    ['a second line', 'Acme\nBcc: all@rekey.example'],
    ['a line separator', 'Acme\u2028Inc'],
    ['a control character', 'Ac\u0007me'],
    ['a character that turns text', 'Acme\u202e'],
    ['a half character', 'Acme\ud800'],
    ['61 characters', 'a'.repeat(61)],
  ])('rejects a name with %s', async (_with, name) => {
    expect((await update({ name })).errors).toMatchObject([{ path: ['name'] }])
    expect(await server.services.settings.readLook()).toEqual(defaultAccountLook)
  })

  it.each(['red', '#fff', '#12345g', 'rgb(0,0,0)', '#123456;color:red'])(
    'rejects the colour %s',
    async accentColor => {
      expect((await update({ accentColor })).errors).toMatchObject([{ path: ['accentColor'] }])
    },
  )

  it('changes only for a caller with settings.manage, and records who changed what', async () => {
    const member = await server.addUser()
    expect(await update({ name: 'Mine' }, await server.signedIn(member))).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
    const logo = pngOf().toString('base64')
    const { look } = await update({ name: 'Acme', accentColor: '#7a0019', logo })
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).find({ where: { action: 'UPDATE_ACCOUNT_LOOK' } }),
    )
    expect(recorded).toContainEqual(
      expect.objectContaining({ actorId: member.id, outcome: 'REFUSED' }),
    )
    expect(recorded.at(-1)).toMatchObject({
      actorId: admin.id,
      outcome: 'DONE',
      changes: [
        { name: 'name', from: null, to: 'Acme' },
        { name: 'accentColor', from: null, to: '#7a0019' },
        { name: 'logo', from: null, to: look.logoUrl.split('=')[1] },
      ],
    })
    expect(JSON.stringify(recorded)).not.toContain(logo)
  })

  it('reaches another instance with the next read of its settings', async () => {
    const other = createFeatures(server.config, server.database)
    await update({ name: 'Acme' })
    expect(await other.services.settings.readLook()).toMatchObject({ name: 'Acme' })
  })

  it('names authenticator apps and passkeys, and its words are rejected in passwords', async () => {
    await update({ name: 'Zephyr Works' })
    const { data } = await client.query(
      `mutation {
        beginTotpEnrolment { uri }
        beginPasskeyEnrolment { options }
      }`,
    )
    expect(data.beginTotpEnrolment.uri).toContain('issuer=Zephyr%20Works')
    expect(JSON.stringify(data.beginPasskeyEnrolment.options)).toContain('Zephyr Works')
    const policy = await server.client().query('{ passwordPolicy { contextWords } }')
    expect(policy.data.passwordPolicy.contextWords).toContain('Zephyr Works')
    const user = { login: 'a@rekey.example', firstName: 'Ada', lastName: 'Nowak' }
    const broken = await server.services.policy.findViolations('my-ZEPHYR-secret-81', user)
    expect(broken.map(({ rule }) => rule)).toContain('CONTEXT_WORD')
  })
})

describe('the logo', () => {
  it('is served to everyone as a PNG that can do nothing else', async () => {
    const { look } = await update({ logo: pngOf().toString('base64') })
    const answer = await fetch(new URL(look.logoUrl, server.url))
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    const etag = answer.headers.get('etag') ?? ''
    const again = await fetch(new URL('/account-logo.png', server.url), {
      headers: { 'if-none-match': etag },
    })
    expect(again.status).toBe(304)
  })

  it('is not found until there is one, and after it is removed', async () => {
    const find = () => fetch(new URL('/account-logo.png', server.url))
    expect((await find()).status).toBe(404)
    await update({ logo: pngOf().toString('base64') })
    await update({ logo: null })
    expect((await find()).status).toBe(404)
  })

  it('keeps the pixels of the file, and nothing else of it', async () => {
    const raw = Buffer.alloc(4 * 17, 0)
    raw.fill(0x7f, 1, 17)
    const extra = Buffer.concat([
      chunk('tEXt', Buffer.from('Author\0Zephyrine Quandt')),
      chunk('eXIf', Buffer.from('GPS of Zephyrine')),
    ])
    const file = Buffer.concat([pngOf({ raw, extra }), Buffer.from('<script>Zephyrine</script>')])
    await update({ logo: file.toString('base64') })
    const served = Buffer.from(
      await (await fetch(new URL('/account-logo.png', server.url))).arrayBuffer(),
    )
    expect(served.toString('latin1')).not.toContain('Zephyrine')
    // Signature, IHDR, and one IDAT between its length with type and its checksum with IEND.
    expect(served.subarray(0, 33)).toEqual(file.subarray(0, 33))
    expect(inflateSync(served.subarray(41, -16))).toEqual(raw)
  })

  it.each([
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'not a valid PNG'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'not a valid PNG'],
    ['an empty PNG', pngOf().subarray(0, 8), 'not a valid PNG'],
    ['a cut PNG', pngOf().subarray(0, 50), 'not a valid PNG'],
    ['a PNG without width', pngOf({ width: 0 }), 'at most 512 pixels'],
    ['a wide PNG', pngOf({ width: 513, raw: Buffer.alloc(4) }), 'at most 512 pixels'],
    ['a huge PNG', pngOf({ width: 2 ** 31, height: 2 ** 31, raw: Buffer.alloc(4) }), '512 pixels'],
    ['an interlaced PNG', pngOf({ interlace: 1 }), 'interlaced'],
    ['an animated PNG', pngOf({ extra: chunk('acTL', Buffer.alloc(8)) }), 'animated'],
    [
      'a PNG with two headers',
      pngOf({ extra: pngOf({ width: 6000, height: 6000 }).subarray(8, 33) }),
      'not a valid PNG',
    ],
    ['a PNG with 4 bits for each of four samples', pngOf({ depth: 4 }), 'not a valid PNG'],
    ['a PNG with an unknown filter', pngOf({ raw: Buffer.alloc(68, 5) }), 'not a valid PNG'],
    ['a PNG without its palette', pngOf({ colorType: 3, raw: lines }), 'not a valid PNG'],
    ...[4, 0, 769].map((length): [string, Buffer, string] => [
      `a PNG with a palette of ${length} bytes`,
      pngOf({ colorType: 3, raw: lines, extra: chunk('PLTE', Buffer.alloc(length)) }),
      'not a valid PNG',
    ]),
    [
      'a PNG with two palettes',
      pngOf({ colorType: 3, raw: lines, extra: Buffer.concat([black, black]) }),
      'not a valid PNG',
    ],
    [
      'a PNG with more transparency than colours',
      pngOf({
        colorType: 3,
        raw: lines,
        extra: Buffer.concat([black, chunk('tRNS', Buffer.alloc(2))]),
      }),
      'not a valid PNG',
    ],
    ['a PNG with a wrong checksum', wrongChecksum, 'not a valid PNG'],
    ['a PNG of unknown colours', pngOf({ colorType: 5 }), 'not a valid PNG'],
    ['a PNG with too few pixels', pngOf({ raw: Buffer.alloc(10) }), 'not a valid PNG'],
    ['a PNG that unpacks to 30 MB', pngOf({ raw: Buffer.alloc(30e6) }), 'not a valid PNG'],
    ['a file of 65 KB', Buffer.concat([pngOf(), Buffer.alloc(65 * 1024)]), 'larger than 64 KB'],
  ])('rejects %s', async (_kind, file, problem) => {
    expect(await logoProblem(file)).toEqual([expect.stringContaining(problem)])
    expect(await server.services.settings.readLogo()).toBeNull()
  })

  it.each([
    [
      'a palette with transparency',
      3,
      [chunk('PLTE', Buffer.alloc(6)), chunk('tRNS', Buffer.of(0))],
    ],
    ['grey values with a transparent one', 0, [chunk('tRNS', Buffer.alloc(2))]],
  ])('keeps %s', async (_what, colorType, parts) => {
    const file = pngOf({ colorType, raw: lines, extra: Buffer.concat(parts) })
    await update({ logo: file.toString('base64') })
    const { png } = (await server.services.settings.readLogo()) ?? {}
    expect(png?.subarray(0, 33 + Buffer.concat(parts).length)).toEqual(
      file.subarray(0, 33 + Buffer.concat(parts).length),
    )
  })

  it('is rejected if a second header demands more pixels than there are', async () => {
    // A decoder that believes the second header would fill the pixels with memory of the server.
    const huge = pngOf({ width: 4000, height: 1, colorType: 0, raw: Buffer.alloc(18) })
    const small = pngOf({ width: 2, height: 2, raw: Buffer.alloc(18) })
    const mixed = Buffer.concat([small.subarray(0, 33), huge.subarray(8)])
    expect(await logoProblem(mixed)).toEqual([expect.stringContaining('not a valid PNG')])
    expect(await server.services.settings.readLogo()).toBeNull()
  })
})

describe('a mail of an account with a look', () => {
  const mailTo = async (login: string) => {
    await server.services.mail.idle()
    return mailbox.mails.find(({ to }) => JSON.stringify(to).includes(login))
  }
  const invite = (login: string) =>
    client.query(
      `mutation ($login: String!) {
        inviteUser(input: { login: $login, firstName: "Nele" }) { errors { __typename } }
      }`,
      { login },
    )

  it('has its name in sender, subject and text, its colour, and its logo as an attachment', async () => {
    const name = 'Acme, "Works" <root@evil.example>'
    await update({ name, accentColor: '#7a0019', logo: pngOf().toString('base64') })
    await invite('with-look@rekey.example')
    const mail = await mailTo('with-look@rekey.example')
    expect(mail?.from?.value).toEqual([{ name, address: 'no-reply@rekey.example' }])
    expect(mail?.subject).toBe(`You are invited to ${name}`)
    expect(mail?.text).toContain(`has added you to ${name}.`)
    expect(mail?.text).not.toContain('Rekey')
    expect(mail?.html).toContain('#7a0019')
    expect(mail?.html).not.toContain('<root@evil')
    expect(mail?.attachments).toMatchObject([
      { contentType: 'image/png', contentDisposition: 'inline', cid: 'account-logo@rekey' },
    ])
  })

  it('is Rekey’s own without one', async () => {
    await invite('without-look@rekey.example')
    const mail = await mailTo('without-look@rekey.example')
    expect(mail?.from?.value).toEqual([{ name: 'The panel', address: 'no-reply@rekey.example' }])
    expect(mail?.subject).toBe('You are invited to Rekey')
    expect(mail?.html).toContain('#0f6c63')
    expect(mail?.attachments).toEqual([])
  })
})
