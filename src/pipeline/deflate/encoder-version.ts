/**
 * Names the bytes that this encoder gives: equal input and level give equal bytes as long as this is equal. It changes with any change of the
 * encoder that changes a byte of any output, so that nobody goes on with an object that another version began.
 */
export const encoderVersion = 'longhaul-deflate 1';
