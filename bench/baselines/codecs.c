/*
 * libbz2 and zlib -6 alone, without any network: unpacks the blobs of each unit and packs them as one gzip stream.
 *
 * codecs CONTENTS UNITS: CONTENTS is a row of blobs, each after its length (four bytes, little-endian); each line of
 * UNITS names the blobs of a unit by their positions in it.
 */
#include <bzlib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { most_contents = 1 << 16, most_raw = 1 << 20, most_packed = 1 << 16, line_max = 1 << 16 };

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static char *blobs[most_contents];
static unsigned lengths[most_contents];
static char raw[most_raw];
static unsigned char packed[most_packed];
static char line[line_max];

static void read_contents(const char *path) {
  FILE *file = fopen(path, "rb");
  unsigned char head[4];
  if (file == NULL) fail("no contents");
  for (int index = 0; fread(head, 1, 4, file) == 4; index += 1) {
    if (index == most_contents) fail("too many contents");
    lengths[index] = head[0] | head[1] << 8 | head[2] << 16 | (unsigned)head[3] << 24;
    blobs[index] = malloc(lengths[index]);
    if (blobs[index] == NULL || fread(blobs[index], 1, lengths[index], file) != lengths[index]) fail("cut contents");
  }
  fclose(file);
}

/* Packs what the stream has been given, and returns the number of bytes that came out. */
static uint64_t pack(z_stream *stream, int flush) {
  uint64_t bytes = 0;
  do {
    stream->next_out = packed;
    stream->avail_out = most_packed;
    if (deflate(stream, flush) == Z_STREAM_ERROR) fail("deflate");
    bytes += most_packed - stream->avail_out;
  } while (stream->avail_out == 0);
  return bytes;
}

int main(int count, char **arguments) {
  if (count != 3) fail("usage: codecs CONTENTS UNITS");
  read_contents(arguments[1]);
  FILE *units = fopen(arguments[2], "r");
  if (units == NULL) fail("no units");
  uint64_t raw_bytes = 0, packed_bytes = 0;
  while (fgets(line, line_max, units) != NULL) {
    z_stream stream = {0};
    if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) fail("deflateInit2");
    for (char *word = strtok(line, " \n"); word != NULL; word = strtok(NULL, " \n")) {
      int index = atoi(word);
      unsigned length = most_raw;
      if (BZ2_bzBuffToBuffDecompress(raw, &length, blobs[index], lengths[index], 0, 0) != BZ_OK) fail("damaged");
      stream.next_in = (unsigned char *)raw;
      stream.avail_in = length;
      packed_bytes += pack(&stream, Z_NO_FLUSH);
      raw_bytes += length;
    }
    packed_bytes += pack(&stream, Z_FINISH);
    deflateEnd(&stream);
  }
  printf("%llu bytes became %llu\n", (unsigned long long)raw_bytes, (unsigned long long)packed_bytes);
  return 0;
}
