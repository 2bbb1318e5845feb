/** A problem that the user of a program in this folder can fix. */
export class Trouble extends Error {
  constructor(
    message: string,
    /** How to fix it. */
    readonly fix: string,
  ) {
    super(message)
    this.name = 'Trouble'
  }
}
