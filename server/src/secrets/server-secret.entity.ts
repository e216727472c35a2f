import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A row of `server_secrets`: a key the server made for itself, shared by all its instances. */
@Entity('server_secrets')
export class ServerSecretEntity {
  /** What it is for. */
  @PrimaryColumn('varchar')
  name!: string

  /** 256 random bits, base64url. */
  @Column('varchar')
  value!: string
}
