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

/** The result of a passkey request in the browser: its response, or why there is none. */
type Ceremony<Response> =
  | { readonly kind: 'made'; readonly response: Response }
  | { readonly kind: 'failed'; readonly message: string }

const unsupported = {
  kind: 'failed',
  message: 'This browser does not support passkeys. Use another method or another browser.',
} as const

/**
 * Explains why the browser returned no response. A cancelled request and a timeout look the
 * same.
 */
const wordsOf = (failure: unknown, whenRefused: string): string => {
  if (failure instanceof WebAuthnError) {
    if (failure.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') {
      return 'You have already added this passkey or security key.'
    }
    if (failure.code === 'ERROR_INVALID_DOMAIN' || failure.code === 'ERROR_INVALID_RP_ID') {
      return 'Passkeys work only at the address that Rekey is configured with.'
    }
  }
  return whenRefused
}

/**
 * Requests an assertion of a passkey from the browser (WebAuthn Level 3, 7.2).
 *
 * @param options the options from the API.
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
 * Creates a passkey in the browser (WebAuthn Level 3, 7.1).
 *
 * @param options the options from the API.
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
    return { kind: 'failed', message: wordsOf(failure, 'No passkey was created. Try again.') }
  }
}
