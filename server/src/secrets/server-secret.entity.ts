import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A row of `server_secrets`: something about secrets that all instances of the server share. */
@Entity('server_secrets')
export class ServerSecretEntity {
  /** What it is for. */
  @PrimaryColumn('varchar')
  name!: string

  /** A secret of the server's own, sealed by the `SecretBox`, or a value that is no secret. */
  @Column('varchar')
  value!: string
}
