import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A row of `server_secrets`: a value about secrets that all instances of the server share. */
@Entity('server_secrets')
export class ServerSecretEntity {
  /** What the value is for. */
  @PrimaryColumn('varchar')
  name!: string

  /** A secret of the server, sealed by the `SecretBox`, or a value that is not secret. */
  @Column('varchar')
  value!: string
}
