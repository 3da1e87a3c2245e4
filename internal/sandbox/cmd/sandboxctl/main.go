// Command sandboxctl looks at a running sandbox and steers it, for scripts and for people without an HTTP client at hand.
//
//	sandboxctl [-url http://127.0.0.1:8484] world
//	sandboxctl [-url …] snapshots [-cloud NAME] [-source ID]
//	sandboxctl [-url …] journal
//	sandboxctl [-url …] advance 720h
//	sandboxctl [-url …] reset
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const usage = "want world, snapshots, journal, advance DURATION or reset"

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		cancel()
		fmt.Fprintln(os.Stderr, "sandboxctl:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("sandboxctl", flag.ContinueOnError)
	base := flags.String("url", "http://127.0.0.1:8484", "where the sandbox listens")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("read the flags: %w", err)
	}
	c := control{base: strings.TrimSuffix(*base, "/"), http: cleanhttp.DefaultClient()}
	rest := flags.Args()
	if len(rest) == 0 {
		return errors.New(usage)
	}
	switch verb, rest := rest[0], rest[1:]; verb {
	case "world", "journal":
		return c.show(ctx, verb, out)
	case "snapshots":
		return c.snapshots(ctx, rest, out)
	case "advance":
		if len(rest) != 1 {
			return errors.New("advance wants one duration, as in 720h")
		}
		_, err := c.call(ctx, http.MethodPost, "clock", map[string]string{"advance": rest[0]})
		return err
	case "reset":
		_, err := c.call(ctx, http.MethodPost, "reset", nil)
		return err
	default:
		return errors.New(usage)
	}
}

// control speaks to the sandbox's own endpoints.
type control struct {
	base string
	http *http.Client
}

// show prints an answer as it is, indented.
func (c control) show(ctx context.Context, what string, out io.Writer) error {
	body, err := c.call(ctx, http.MethodGet, what, nil)
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		return fmt.Errorf("read the %s: %w", what, err)
	}
	_, err = fmt.Fprintln(out, strings.TrimSpace(pretty.String()))
	return err
}

// snapshots prints one line for each that exists: cloud, source, ID, state, name. None prints nothing.
func (c control) snapshots(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("snapshots", flag.ContinueOnError)
	cloud := flags.String("cloud", "", "only this cloud's")
	source := flags.String("source", "", "only those of this instance, volume or VM")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("read the flags: %w", err)
	}
	body, err := c.call(ctx, http.MethodGet, "world", nil)
	if err != nil {
		return err
	}
	var world struct {
		Clouds map[string]simkit.Lists `json:"clouds"`
	}
	if err := json.Unmarshal(body, &world); err != nil {
		return fmt.Errorf("read the world: %w", err)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, name := range slices.Sorted(maps.Keys(world.Clouds)) {
		for _, s := range world.Clouds[name].Snapshots {
			if (*cloud == "" || *cloud == name) && (*source == "" || *source == s.SourceID) {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", name, s.SourceID, s.SnapshotID, s.State, s.Name)
			}
		}
	}
	return table.Flush()
}

// call sends one request and returns the answer's body; an answer other than 2xx is an error.
func (c control) call(ctx context.Context, method, what string, body any) ([]byte, error) {
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return nil, fmt.Errorf("write the request: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/_sandbox/"+what, bytes.NewReader(sent))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("is a sandbox running? %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 32<<20))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if resp.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%s %s answered %s: %s", method, req.URL, resp.Status, strings.TrimSpace(string(answer)))
	}
	return answer, nil
}
