import { registerEnumType } from 'type-graphql'

/** The methods that can serve as a second factor at sign-in. */
export enum SecondFactorMethodEnum {
  TOTP = 'TOTP',
  PASSKEY = 'PASSKEY',
  SMS = 'SMS',
  RECOVERY_CODE = 'RECOVERY_CODE',
}

registerEnumType(SecondFactorMethodEnum, {
  name: 'SecondFactorMethod',
  description: 'A method that can serve as a second factor at sign-in.',
  valuesConfig: {
    TOTP: { description: 'A code from an authenticator app (RFC 6238).' },
    PASSKEY: { description: 'A passkey or security key (WebAuthn).' },
    SMS: { description: 'A code sent by SMS to the enrolled phone number.' },
    RECOVERY_CODE: {
      description:
        'A recovery code. Users get recovery codes with any other method. It cannot be chosen in the settings.',
    },
  },
})
