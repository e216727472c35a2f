/**
 * The statements that both engines share for the migration `second-factor`.
 *
 * @param text the engine's type for a text that is ordered by code points.
 */
export const secondFactor = (text: string): string[] => [
  `CREATE TABLE second_factors (
    id ${text} PRIMARY KEY NOT NULL,
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    method ${text} NOT NULL CHECK (method IN ('TOTP', 'PASSKEY', 'SMS')),
    name ${text} NOT NULL,
    secret ${text},
    last_used_step bigint,
    phone ${text},
    credential_id ${text} UNIQUE,
    public_key ${text},
    sign_count bigint,
    transports ${text},
    aaguid ${text},
    created_at bigint NOT NULL,
    last_used_at bigint
  )`,
  'CREATE INDEX second_factors_by_user ON second_factors (user_id, id)',
  `CREATE TABLE second_factor_enrolments (
    id ${text} PRIMARY KEY NOT NULL,
    token_hash ${text} NOT NULL UNIQUE,
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    method ${text} NOT NULL,
    secret ${text},
    phone ${text},
    code_hash ${text},
    webauthn_challenge ${text},
    attempts integer NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
  )`,
  'CREATE INDEX second_factor_enrolments_by_user ON second_factor_enrolments (user_id, method)',
  'CREATE INDEX second_factor_enrolments_by_expiry ON second_factor_enrolments (expires_at)',
  `CREATE TABLE recovery_codes (
    id ${text} PRIMARY KEY NOT NULL,
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash ${text} NOT NULL,
    used_at bigint
  )`,
  'CREATE UNIQUE INDEX recovery_codes_by_user ON recovery_codes (user_id, code_hash)',
  `CREATE TABLE sign_in_challenges (
    id ${text} PRIMARY KEY NOT NULL,
    token_hash ${text} NOT NULL UNIQUE,
    purpose ${text} NOT NULL,
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    password_changed_at bigint,
    webauthn_challenge ${text},
    sms_code_hash ${text},
    attempts integer NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
  )`,
  'CREATE INDEX sign_in_challenges_by_user ON sign_in_challenges (user_id, purpose)',
  'CREATE INDEX sign_in_challenges_by_expiry ON sign_in_challenges (expires_at)',
  `CREATE TABLE trusted_devices (
    id ${text} PRIMARY KEY NOT NULL,
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash ${text} NOT NULL UNIQUE,
    password_changed_at bigint,
    user_agent ${text} NOT NULL,
    ip ${text} NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint NOT NULL,
    expires_at bigint NOT NULL
  )`,
  'CREATE INDEX trusted_devices_by_user ON trusted_devices (user_id, id)',
  'CREATE INDEX trusted_devices_by_expiry ON trusted_devices (expires_at)',
]
