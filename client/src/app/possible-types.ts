/** Which types of the schema are of which interface; a fragment on one is not read off others. */
export const possibleTypes = {
  UserError: [
    'AccessDenied',
    'AccountBlocked',
    'CurrentPasswordIncorrect',
    'InvalidCredentials',
    'InvalidField',
    'LastOwner',
    'LinkInvalid',
    'LoginMismatch',
    'LoginTaken',
    'NotActive',
    'NotBlocked',
    'NotInvited',
    'PasswordPolicyViolated',
    'SessionNotFound',
    'SetupLinkInvalid',
    'TooManyAttempts',
    'UserChangedMeanwhile',
    'UserNotFound',
  ],
}
