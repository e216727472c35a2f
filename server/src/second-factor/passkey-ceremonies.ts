import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { z } from 'zod'
import type { UserEntity } from '../users/user.entity.js'
import { fullNameOf } from '../users/user-keys.js'
import type { SecondFactorEntity } from './second-factor.entity.js'

/** What is kept of a new passkey. */
export type PasskeyColumns = Pick<
  SecondFactorEntity,
  'credentialId' | 'publicKey' | 'signCount' | 'transports' | 'aaguid'
>

// base64url, and no more of it than any authenticator makes.
const bytes = z.string().regex(/^[\w-]{1,60000}$/)
const credentialId = z.string().regex(/^[\w-]{1,1400}$/)

const responseModel = { id: credentialId, rawId: credentialId, type: z.literal('public-key') }

const registrationModel = z.object({
  ...responseModel,
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z
      .array(z.string().regex(/^[\w-]{1,32}$/))
      .max(10)
      .optional(),
  }),
})

const assertionModel = z.object({
  ...responseModel,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: z
      .string()
      .regex(/^[\w-]{0,128}$/)
      .nullish(),
  }),
})

/** An assertion whose form was checked, and nothing else. */
export type Assertion = z.infer<typeof assertionModel>

/** The assertion in what a client sent, or null when it is none. */
export const readAssertion = (sent: unknown): Assertion | null =>
  assertionModel.safeParse(sent).data ?? null

/** The user's id within WebAuthn: opaque, as it is in the API (WebAuthn Level 3, 14.6.1). */
export const userHandleOf = (userId: string): string =>
  Buffer.from(userId, 'utf8').toString('base64url')

const timeoutMs = 5 * 60 * 1000

// Loaded with the first passkey: certificates and their grammar would be a fifth of the server's start.
const webAuthn = () => import('@simplewebauthn/server')
const webAuthnHelpers = () => import('@simplewebauthn/server/helpers')

/**
 * The two ceremonies of WebAuthn Level 3: registering a credential (7.1) and verifying an
 * assertion (7.2), for the one origin and relying party that `PUBLIC_URL` names.
 */
export class PasskeyCeremonies {
  constructor(private readonly publicUrl: URL) {}

  /** What the browser makes a new passkey by. Those in the list are not made again. */
  async registrationOptions(
    user: UserEntity,
    passkeys: readonly SecondFactorEntity[],
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await webAuthn()
    return generateRegistrationOptions({
      rpName: 'Rekey',
      rpID: this.publicUrl.hostname,
      userID: new Uint8Array(Buffer.from(user.id, 'utf8')),
      userName: user.login,
      userDisplayName: fullNameOf(user),
      timeout: timeoutMs,
      // Which make it is is nobody's business here.
      attestationType: 'none',
      excludeCredentials: descriptorsOf(passkeys),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    })
  }

  /** The passkey that was made, or null when the response proves none. */
  async verifyRegistration(sent: unknown, challenge: string): Promise<PasskeyColumns | null> {
    const { data: response } = registrationModel.safeParse(sent)
    if (response === undefined) return null
    try {
      if (await namesCertificates(response.response.attestationObject)) return null
      const { verifyRegistrationResponse } = await webAuthn()
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: { ...response, clientExtensionResults: {} } as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: this.publicUrl.origin,
        expectedRPID: this.publicUrl.hostname,
        requireUserVerification: false,
      })
      if (!verified) return null
      const { credential, aaguid } = registrationInfo
      return {
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        signCount: credential.counter,
        transports: response.response.transports?.join(' ') ?? '',
        aaguid,
      }
    } catch {
      // The library throws for whatever does not fit, and its messages quote it.
      return null
    }
  }

  /**
   * What the browser asks a passkey by.
   *
   * @param passkeys those that may answer; null lets the person choose one that knows
   * who they are, and then they have to show that it is they (user verification).
   */
  async authenticationOptions(
    passkeys: readonly SecondFactorEntity[] | null,
    challenge?: string,
  ): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await webAuthn()
    return generateAuthenticationOptions({
      rpID: this.publicUrl.hostname,
      timeout: timeoutMs,
      ...(challenge === undefined
        ? {}
        : { challenge: new Uint8Array(Buffer.from(challenge, 'base64url')) }),
      ...(passkeys === null
        ? { userVerification: 'required' }
        : { allowCredentials: descriptorsOf(passkeys), userVerification: 'preferred' }),
    })
  }

  /**
   * The signature counter of an assertion by this passkey, or null when it is none: signed
   * by another key, for another challenge, origin or relying party, or with a counter
   * that went back, as that of a copied authenticator does (WebAuthn Level 3, 6.1.1).
   */
  async verifyAssertion(
    assertion: Assertion,
    passkey: SecondFactorEntity,
    expected: { readonly challenge: string; readonly userVerification: boolean },
  ): Promise<number | null> {
    const { credentialId: id, publicKey } = passkey
    if (id === null || publicKey === null || id !== assertion.id) return null
    try {
      const { verifyAuthenticationResponse } = await webAuthn()
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: { ...assertion, clientExtensionResults: {} } as AuthenticationResponseJSON,
        expectedChallenge: expected.challenge,
        expectedOrigin: this.publicUrl.origin,
        expectedRPID: this.publicUrl.hostname,
        requireUserVerification: expected.userVerification,
        credential: {
          id,
          publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
          counter: passkey.signCount ?? 0,
        },
      })
      return verified ? authenticationInfo.newCounter : null
    } catch {
      return null
    }
  }
}

// Certificates would have the library fetch revocation lists from addresses that the
// client chose. Browsers send none where none is asked for.
const namesCertificates = async (attestationObject: string): Promise<boolean> => {
  const { decodeAttestationObject, isoBase64URL } = await webAuthnHelpers()
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject))
  const format = decoded.get('fmt')
  return !(
    format === 'none' ||
    (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined)
  )
}

const descriptorsOf = (passkeys: readonly SecondFactorEntity[]) =>
  passkeys.flatMap(({ credentialId: id, transports }) =>
    id === null ? [] : [{ id, ...(transports ? { transports: transports.split(' ') } : {}) }],
  )
