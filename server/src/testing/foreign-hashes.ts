/** The password of all the hashes. Its "ü" is one code point. */
export const foreignPassword = 'Tr0ub4dor & Grüße'

/** Hashes of the same password, by the software that made them. */
export const foreignHashes = {
  'Django 5.2: PBKDF2 with SHA-256':
    'pbkdf2_sha256$1000000$MQUbASHyrmTtILj79Rm7tM$v4hS0UmSDAZfXxRSz58qy5MyCrt1lBRTSbvP7PCaEgc=',
  'Django 5.2: PBKDF2 with SHA-1':
    'pbkdf2_sha1$1000000$elbULQTvUd3pDPxhVNE5cR$AtUiTZcegVfO73jRYEbar7MABoU=',
  'Django 5.2: bcrypt of SHA-256':
    'bcrypt_sha256$$2b$12$4svxE1z3n3i4SVPDkXWHLuwMPyfFcrENo.DI38YbtbfYs.ZVXql/m',
  'Django 5.2: bcrypt': 'bcrypt$$2b$12$Jl7coBLuUifEzbCIYgJMxuf.DQ8Dd9dc5pw0KGtXpN9qZk/c4/IiW',
  'Django 5.2: scrypt':
    'scrypt$16384$5uUwgBduTavC8g89MfV73B$8$5$+kvz6N81MGPgwD2/jQHFMAruqC66jvtxfuhy+B4g3sMFq3XVCCyJmHeVLoxMy0erNulCSvSXSy9tQAZVdSccTA==',
  'passlib 1.7: PBKDF2 with SHA-256':
    '$pbkdf2-sha256$29000$sLZWam2tFUKIMebcW4txjg$yyNvBZSbVHsfE3Y6zc6ikk4.HESR5YaSpQl6tADRywg',
  'passlib 1.7: PBKDF2 with SHA-512':
    '$pbkdf2-sha512$25000$xngvBeD8PydESAmBsDZGSA$HQq0MwLwwxmoWvVvRhZTZkKStpXJFyWV89EX3cFS2AA0PSxSYdm0OZVmQhMNoaW5LiDyUFeXhlAUFH4/criglA',
  'passlib 1.7: PBKDF2 with SHA-1':
    '$pbkdf2$131000$O0fIee8dQ0gpBSBkbI2x9g$mPv1eyYabbM4H.A6cEAs31kVF/8',
  'passlib 1.7: scrypt':
    '$scrypt$ln=16,r=8,p=1$K+V8TyklxJiz1rqXUkqpVQ$/lIob6RWoNy82FtzsvPvsXLCvnc3/KPrghDUuG+oz/8',
  'argon2-cffi: argon2id':
    '$argon2id$v=19$m=19456,t=2,p=1$+x1Lkp7qyj2swHpM5x9vow$4N5el1K0nExCRvTgYMvuQFPKphAR9g0FcIk7fPRPm8Q',
  'argon2 for Node.js: argon2id':
    '$argon2id$v=19$m=19456,p=1,t=2$7kJ0aRNCd+z2nA3VCigymA$zY1cnLJCc19jackRLzwRaNQx4c0t1Cv4wthOe+VbeaY',
  'argon2-cffi: argon2id with two lanes, as Django stores it':
    'argon2$argon2id$v=19$m=16384,t=3,p=2$sXg2v1qxhoEXeFEB3IyUuQ$VZTOucYjHd2ibBBNLhf5/qjwcmrMzKrqFA26c+gRzV0',
  'argon2-cffi: argon2i':
    '$argon2i$v=19$m=16384,t=3,p=1$mkEzt1lJyOpWY/1Kvkg8oQ$dppXi5dyR3klhmyuYtOOJ0QswxxxJ875QK6PjVQ1t38',
  'argon2-cffi: argon2d':
    '$argon2d$v=19$m=16384,t=3,p=1$VxFUXfUKM9vyIT3NkG0jEg$YEyeHBd5ZWD9mYZS816lDsFl00H5Suy7oMwTWc9BUVg',
  'bcrypt for Python: 2b': '$2b$10$6Lx/LI1mngFSbUwtnszD/.Cyh8/2/wSh6ubVGOUAZlj6cnFQF32ou',
  'bcrypt for Python: 2a': '$2a$10$pnMlTV/xAXxvzQuGE7F/7u4tp5QWl/e45LmJqwi2qRxqwLeqEW32W',
  // The library that PHP's code comes from.
  'libxcrypt: 2y': '$2y$10$abcdefghijklmnopqrstuui8Uu8Mn4q/O6a1mRq1w3TYukwHTQbSS',
} as const

/** Hashes that other software makes by default, and that cost more than four of Rekey's own. */
export const tooExpensiveHashes = {
  'Django 5.2: argon2':
    'argon2$argon2id$v=19$m=102400,t=2,p=8$MFpwajFXcTBrMllmOFc2WE90bmhLTA$DMST61YrPLlvaVg5+HJQSgV2qC3c0XNQFniWc1idoqY',
  'argon2-cffi: argon2id with its own cost':
    '$argon2id$v=19$m=65536,t=3,p=4$8Z7TOodwbi3FWEuJ0ZozJg$yisrNZ/lyy3qA3Xjg6CulfwWsCU7ZBB1ylmJnekcJmY',
} as const
