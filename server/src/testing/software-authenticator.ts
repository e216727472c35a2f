import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { isoCBOR } from '@simplewebauthn/server/helpers'

/** The values that an attacker may forge, instead of those of a real browser and authenticator. */
export interface Forgery {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  readonly userVerified?: boolean
  readonly userPresent?: boolean
  readonly userHandle?: string | null
  /** The signature counter that is signed. */
  readonly signCount?: number
  /** The id of another credential. */
  readonly id?: string
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest()

/**
 * A browser and its authenticator in software, with one key (ES256): its output is byte for byte
 * that of a real pair (WebAuthn Level 3, 6.1 and 5.8.1).
 */
export class SoftwareAuthenticator {
  readonly id = base64url(randomBytes(32))
  /** The signature counter; for synced passkeys it stays at 0. */
  signCount = 0
  private readonly privateKey: KeyObject
  private readonly cosePublicKey: Uint8Array
  private userHandle: string | null = null

  constructor(
    private readonly origin: string,
    private readonly counts = true,
  ) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.privateKey = privateKey
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    // COSE_Key of an EC2 key for ES256 (RFC 9053, 7.1.1).
    this.cosePublicKey = isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
        [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
      ]),
    )
  }

  /** navigator.credentials.create() */
  create(
    options: PublicKeyCredentialCreationOptionsJSON,
    forgery: Forgery & { readonly statement?: { format: string; certificates: Uint8Array[] } } = {},
  ): RegistrationResponseJSON {
    this.userHandle = options.user.id
    const id = Buffer.from(forgery.id ?? this.id, 'base64url')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    const credential = Buffer.concat([Buffer.alloc(16), length, id, this.cosePublicKey])
    const authenticatorData = this.authenticatorData(options.rp.id ?? '', forgery, credential)
    const { statement } = forgery
    const attestationObject = isoCBOR.encode(
      new Map<string, unknown>([
        ['fmt', statement?.format ?? 'none'],
        [
          'attStmt',
          new Map<string, unknown>(
            statement === undefined
              ? []
              : [
                  ['alg', -7],
                  ['sig', new Uint8Array(70)],
                  ['x5c', statement.certificates],
                ],
          ),
        ],
        ['authData', new Uint8Array(authenticatorData)],
      ]) as never,
    )
    return {
      id: forgery.id ?? this.id,
      rawId: forgery.id ?? this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: this.clientData('webauthn.create', options.challenge, forgery),
        attestationObject: base64url(attestationObject),
        transports: ['internal'],
      },
    }
  }

  /** navigator.credentials.get() */
  get(
    options: PublicKeyCredentialRequestOptionsJSON,
    forgery: Forgery = {},
  ): AuthenticationResponseJSON {
    if (this.counts) this.signCount += 1
    const authenticatorData = this.authenticatorData(options.rpId ?? '', forgery)
    const clientDataJSON = this.clientData('webauthn.get', options.challenge, forgery)
    const signed = Buffer.concat([
      authenticatorData,
      sha256(Buffer.from(clientDataJSON, 'base64url')),
    ])
    const userHandle = forgery.userHandle === undefined ? this.userHandle : forgery.userHandle
    return {
      id: forgery.id ?? this.id,
      rawId: forgery.id ?? this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON,
        authenticatorData: base64url(authenticatorData),
        signature: base64url(sign('sha256', signed, this.privateKey)),
        ...(userHandle === null ? {} : { userHandle }),
      },
    }
  }

  private authenticatorData(rpId: string, forgery: Forgery, credential?: Uint8Array): Buffer {
    const present = forgery.userPresent === false ? 0 : 0x01
    const verified = forgery.userVerified === false ? 0 : 0x04
    const attested = credential === undefined ? 0 : 0x40
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(forgery.signCount ?? this.signCount)
    return Buffer.concat([
      sha256(forgery.rpId ?? rpId),
      Buffer.of(present | verified | attested),
      counter,
      credential ?? Buffer.alloc(0),
    ])
  }

  private clientData(type: string, challenge: string, forgery: Forgery): string {
    return base64url(
      Buffer.from(
        JSON.stringify({
          type: forgery.type ?? type,
          challenge: forgery.challenge ?? challenge,
          origin: forgery.origin ?? this.origin,
          crossOrigin: false,
        }),
      ),
    )
  }
}
