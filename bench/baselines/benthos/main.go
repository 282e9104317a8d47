// Benthos, the engine that Bento is a fork of, with what is in neither engine: a processor that finds and reads the
// blobs of a unit, and an output that puts objects, on the SDKs of both clouds. The rest is benthos.yaml.
package main

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"bytes"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	_ "github.com/redpanda-data/benthos/v4/public/components/io"
	_ "github.com/redpanda-data/benthos/v4/public/components/pure"
	"github.com/redpanda-data/benthos/v4/public/service"
)

func main() {
	register(service.RegisterBatchProcessor("read_unit", service.NewConfigSpec(), newReader))
	register(service.RegisterOutput("put_object", service.NewConfigSpec().Field(service.NewIntField("max_in_flight")), newWriter))
	service.RunCLI(context.Background())
}

func register(err error) {
	if err != nil {
		panic(err)
	}
}

type reader struct{ accounts map[string]*azblob.Client }

func newReader(*service.ParsedConfig, *service.Resources) (service.BatchProcessor, error) {
	accounts := map[string]*azblob.Client{}
	for _, account := range []string{"eu", "us", "ap"} {
		key, err := azblob.NewSharedKeyCredential(account, os.Getenv("BENCH_AZURE_KEY"))
		if err != nil {
			return nil, err
		}
		url := os.Getenv("BENCH_AZURE") + "/" + account
		if accounts[account], err = azblob.NewClientWithSharedKeyCredential(url, key, nil); err != nil {
			return nil, err
		}
	}
	return reader{accounts}, nil
}

type blob struct{ account, container, name string }

// ProcessBatch turns a unit into its blobs, in order: a message for each.
func (r reader) ProcessBatch(ctx context.Context, units service.MessageBatch) ([]service.MessageBatch, error) {
	var batches []service.MessageBatch
	for _, message := range units {
		fields, err := message.AsStructured()
		if err != nil {
			return nil, err
		}
		unit := fields.(map[string]any)
		blobs, err := r.find(ctx, unit)
		if err != nil {
			return nil, err
		}
		month := strings.ReplaceAll(unit["start"].(string)[:7], "-", "/")
		var batch service.MessageBatch
		for _, blob := range blobs {
			read, err := r.accounts[blob.account].DownloadStream(ctx, blob.container, blob.name, nil)
			if err != nil {
				return nil, err
			}
			body, err := io.ReadAll(read.Body)
			read.Body.Close()
			if err != nil {
				return nil, err
			}
			part := service.NewMessage(body)
			part.MetaSetMut("key", fmt.Sprintf("collated/%s/%s.json.gz", month, unit["unit_id"]))
			batch = append(batch, part)
		}
		batches = append(batches, batch)
	}
	return batches, nil
}

func (r reader) find(ctx context.Context, unit map[string]any) ([]blob, error) {
	id := unit["unit_id"].(string)
	digest := sha1.Sum([]byte(id))
	start, err := time.Parse(time.DateOnly, unit["start"].(string))
	if err != nil {
		return nil, err
	}
	days, err := strconv.Atoi(unit["days"].(string))
	if err != nil {
		return nil, err
	}
	var found []blob
	for day := range days {
		date := start.AddDate(0, 0, day)
		place := "events-" + date.Format("2006-01")
		prefix := fmt.Sprintf("%s/%s/%s-", date.Format("2006/01/02"), hex.EncodeToString(digest[:2]), id)
		for _, account := range strings.Split(unit["regions"].(string), "|") {
			pages := r.accounts[account].NewListBlobsFlatPager(place, &container.ListBlobsFlatOptions{Prefix: &prefix})
			for pages.More() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				for _, item := range page.Segment.BlobItems {
					found = append(found, blob{account, place, *item.Name})
				}
			}
		}
	}
	if strconv.Itoa(len(found)) != unit["blobs"] {
		return nil, fmt.Errorf("%s has %d blobs instead of %s", id, len(found), unit["blobs"])
	}
	sort.Slice(found, func(a, b int) bool { return found[a].name < found[b].name })
	return found, nil
}

func (reader) Close(context.Context) error { return nil }

type writer struct{ client *s3.Client }

func newWriter(parsed *service.ParsedConfig, _ *service.Resources) (service.Output, int, error) {
	inFlight, err := parsed.FieldInt("max_in_flight")
	return &writer{}, inFlight, err
}

func (w *writer) Connect(ctx context.Context) error {
	loaded, err := config.LoadDefaultConfig(ctx)
	w.client = s3.NewFromConfig(loaded, func(options *s3.Options) {
		options.BaseEndpoint = aws.String(os.Getenv("BENCH_S3"))
		options.UsePathStyle = true
	})
	return err
}

func (w *writer) Write(ctx context.Context, message *service.Message) error {
	body, err := message.AsBytes()
	if err != nil {
		return err
	}
	key, _ := message.MetaGet("key")
	_, err = w.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket:      aws.String(os.Getenv("BENCH_BUCKET")),
		Key:         &key,
		Body:        bytes.NewReader(body),
		ContentType: aws.String("application/gzip"),
	})
	return err
}

func (w *writer) Close(context.Context) error { return nil }
