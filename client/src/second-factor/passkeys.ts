import {
  type AuthenticationResponseJSON,
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser'

/** What came of asking the browser: what it made, or why it made nothing. */
type Ceremony<Response> =
  | { readonly kind: 'made'; readonly response: Response }
  | { readonly kind: 'failed'; readonly message: string }

const unsupported = {
  kind: 'failed',
  message: 'This browser knows no passkeys. Use another way, or another browser.',
} as const

/** Why the browser made nothing. It does not tell a refusal from a wait that was too long. */
const wordsOf = (failure: unknown, whenRefused: string): string => {
  if (failure instanceof WebAuthnError) {
    if (failure.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') {
      return 'This passkey or security key is among yours already.'
    }
    if (failure.code === 'ERROR_INVALID_DOMAIN' || failure.code === 'ERROR_INVALID_RP_ID') {
      return 'Passkeys work only under the address that Rekey was set up with.'
    }
  }
  return whenRefused
}

/**
 * Has the browser answer with a passkey (WebAuthn Level 3, 7.2).
 *
 * @param options what the API gave for it.
 */
export const askPasskey = async (
  options: unknown,
): Promise<Ceremony<AuthenticationResponseJSON>> => {
  if (!browserSupportsWebAuthn()) return unsupported
  try {
    const response = await startAuthentication({
      optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
    })
    return { kind: 'made', response }
  } catch (failure) {
    return { kind: 'failed', message: wordsOf(failure, 'No passkey was used. Try again.') }
  }
}

/**
 * Has the browser make a passkey (WebAuthn Level 3, 7.1).
 *
 * @param options what the API gave for it.
 */
export const makePasskey = async (
  options: unknown,
): Promise<Ceremony<RegistrationResponseJSON>> => {
  if (!browserSupportsWebAuthn()) return unsupported
  try {
    const response = await startRegistration({
      optionsJSON: options as PublicKeyCredentialCreationOptionsJSON,
    })
    return { kind: 'made', response }
  } catch (failure) {
    return { kind: 'failed', message: wordsOf(failure, 'No passkey was made. Try again.') }
  }
}
