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

/** The columns that store a new passkey. */
export type PasskeyColumns = Pick<
  SecondFactorEntity,
  'credentialId' | 'publicKey' | 'signCount' | 'transports' | 'aaguid'
>

// base64url, with a limit that no authenticator reaches.
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

/** An assertion with a valid form. Its signature is not verified yet. */
export type Assertion = z.infer<typeof assertionModel>

/** Parses an assertion that a client sent. Null if its form is invalid. */
export const readAssertion = (sent: unknown): Assertion | null =>
  assertionModel.safeParse(sent).data ?? null

/** The user handle for WebAuthn: the user's id, which is opaque (WebAuthn Level 3, 14.6.1). */
export const userHandleOf = (userId: string): string =>
  Buffer.from(userId, 'utf8').toString('base64url')

const timeoutMs = 5 * 60 * 1000

// Loaded when the first passkey is used: the library would take a fifth of the server's start
// time.
const webAuthn = () => import('@simplewebauthn/server')
const webAuthnHelpers = () => import('@simplewebauthn/server/helpers')

/**
 * The two ceremonies of WebAuthn Level 3: registering a credential (7.1) and verifying an
 * assertion (7.2), for the one origin and relying party that `PUBLIC_URL` names.
 */
export class PasskeyCeremonies {
  constructor(private readonly publicUrl: URL) {}

  /**
   * The options to create a passkey in the browser. They exclude authenticators that hold one
   * of these passkeys.
   */
  async registrationOptions(
    user: UserEntity,
    passkeys: readonly SecondFactorEntity[],
    accountName: string,
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await webAuthn()
    return generateRegistrationOptions({
      rpName: accountName,
      rpID: this.publicUrl.hostname,
      userID: new Uint8Array(Buffer.from(user.id, 'utf8')),
      userName: user.login,
      userDisplayName: fullNameOf(user),
      timeout: timeoutMs,
      // Rekey does not need to know the make of the authenticator.
      attestationType: 'none',
      excludeCredentials: descriptorsOf(passkeys),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    })
  }

  /** Verifies a registration. Returns the new passkey, or null if the response is invalid. */
  async verifyRegistration(sent: unknown, challenge: string): Promise<PasskeyColumns | null> {
    const { data: response } = registrationModel.safeParse(sent)
    if (response === undefined) return null
    try {
      if (await hasCertificates(response.response.attestationObject)) return null
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
      // The library throws on invalid input. Its messages quote the input, so they must not be
      // logged.
      return null
    }
  }

  /**
   * The options to request an assertion in the browser.
   *
   * @param passkeys the passkeys that may be used. Null allows any passkey that stores the
   * user's identity (a discoverable credential), and then requires user verification.
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
   * Verifies an assertion by this passkey. Returns its signature counter, or null if the
   * assertion is invalid: signed by another key, or for another challenge, origin or relying
   * party. It is also invalid if the counter did not increase, which is a sign of a copied
   * authenticator (WebAuthn Level 3, 6.1.1).
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

// With certificates, the library would fetch revocation lists from URLs that the client chose.
// Browsers send no certificates if none are requested.
const hasCertificates = async (attestationObject: string): Promise<boolean> => {
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
