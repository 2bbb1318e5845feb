/** Something that whoever runs a program of this folder can mend. */
export class Trouble extends Error {
  constructor(
    message: string,
    /** What to do about it. */
    readonly fix: string,
  ) {
    super(message)
    this.name = 'Trouble'
  }
}
