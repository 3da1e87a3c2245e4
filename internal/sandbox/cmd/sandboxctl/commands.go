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
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// env prints one export line for each variable.
func (c control) env(ctx context.Context, args []string) error {
	var variables []simkit.Variable
	if err := c.get(ctx, args, "environment", &variables); err != nil {
		return err
	}
	for _, v := range variables {
		if _, err := io.WriteString(c.out, v.Export()); err != nil {
			return err
		}
	}
	return nil
}

// sources prints a table with one line for each instance, volume and VM.
func (c control) sources(ctx context.Context, args []string) error {
	var inventory sandbox.Inventory
	if err := c.get(ctx, args, "world", &inventory); err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CLOUD\tSOURCE_ID\tLOCATION\tNAME\tSTATE\tSNAPSHOTS")
	for _, name := range slices.Sorted(maps.Keys(inventory.Clouds)) {
		taken := map[string]int{}
		for _, s := range inventory.Clouds[name].Snapshots {
			taken[s.SourceID]++
		}
		for _, s := range inventory.Clouds[name].Sources {
			count := strconv.Itoa(taken[s.SourceID])
			if s.Slots >= 0 {
				count += fmt.Sprintf(" of %d", s.Slots)
			}
			fmt.Fprintf(
				table,
				"%s\t%s\t%s\t%s\t%s\t%s\n",
				name,
				s.SourceID,
				orDash(s.Location),
				orDash(s.Name),
				s.State,
				count,
			)
		}
	}
	return table.Flush()
}

// orDash makes an empty cell visible.
func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// state changes the state of a machine or volume and prints it: cloud, source, location, name, state.
func (c control) state(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("state", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	location := flags.String("location", "", "where it is, if several have the ID")
	if flags.Parse(args) != nil || flags.NArg() != 2 {
		return errUsage
	}
	body, err := json.Marshal(
		sandbox.SourceState{SourceID: flags.Arg(0), Location: *location, State: flags.Arg(1)})
	if err != nil {
		return fmt.Errorf("write the request: %w", err)
	}
	answer, err := c.call(ctx, http.MethodPost, "sources", body)
	if err != nil {
		return err
	}
	var changed sandbox.CloudSource
	if err := json.Unmarshal(answer, &changed); err != nil {
		return fmt.Errorf("read the source: %w", err)
	}
	_, err = fmt.Fprintf(c.out, "%s  %s  %s  %s  %s\n",
		changed.Cloud, changed.SourceID, orDash(changed.Location), orDash(changed.Name), changed.State)
	return err
}

// snapshots prints one line for each that exists: cloud, source, ID, state, name. None prints nothing.
func (c control) snapshots(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("snapshots", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	cloud := flags.String("cloud", "", "only this cloud's")
	source := flags.String("source", "", "only those of this instance, volume or VM")
	if flags.Parse(args) != nil {
		return errUsage
	}
	var inventory sandbox.Inventory
	if err := c.get(ctx, flags.Args(), "world", &inventory); err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, name := range slices.Sorted(maps.Keys(inventory.Clouds)) {
		for _, s := range inventory.Clouds[name].Snapshots {
			if (*cloud == "" || *cloud == name) && (*source == "" || *source == s.SourceID) {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", name, s.SourceID, s.SnapshotID, s.State, s.Name)
			}
		}
	}
	return table.Flush()
}

func (c control) inventory(ctx context.Context, args []string) error {
	return c.show(ctx, args, "world")
}

func (c control) journal(ctx context.Context, args []string) error {
	return c.show(ctx, args, "journal")
}

// show prints an answer as it is, indented.
func (c control) show(ctx context.Context, args []string, what string) error {
	var answer json.RawMessage
	if err := c.get(ctx, args, what, &answer); err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, answer, "", "  "); err != nil {
		return fmt.Errorf("read the %s: %w", what, err)
	}
	_, err := fmt.Fprintln(c.out, strings.TrimSpace(pretty.String()))
	return err
}

// advance moves the clock and prints the new time.
func (c control) advance(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	by, err := duration(args[0])
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"advance": by.String()})
	if err != nil {
		return fmt.Errorf("write the request: %w", err)
	}
	answer, err := c.call(ctx, http.MethodPost, "clock", body)
	if err != nil {
		return err
	}
	var now sandbox.Now
	if err := json.Unmarshal(answer, &now); err != nil {
		return fmt.Errorf("read the clock: %w", err)
	}
	_, err = fmt.Fprintln(c.out, now.Now.Format(time.RFC3339))
	return err
}

// duration reads a duration of Go, or a number of days such as 30d.
func duration(s string) (time.Duration, error) {
	text := s
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err == nil {
			text = strconv.Itoa(n*24) + "h"
		}
	}
	by, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration; write 12h, 30d or -90m", s)
	}
	return by, nil
}

// faults prints the faults, or replaces them by those of a file.
func (c control) faults(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return c.show(ctx, nil, "faults")
	}
	if len(args) != 1 {
		return errUsage
	}
	var body []byte
	var err error
	if args[0] == "-" {
		body, err = io.ReadAll(c.in)
	} else {
		body, err = os.ReadFile(args[0])
	}
	if err != nil {
		return fmt.Errorf("read the faults: %w", err)
	}
	_, err = c.call(ctx, http.MethodPut, "faults", body)
	return err
}

func (c control) reset(ctx context.Context, args []string) error {
	if len(args) != 0 {
		return errUsage
	}
	_, err := c.call(ctx, http.MethodPost, "reset", nil)
	return err
}

// control speaks to the sandbox's own endpoints.
type control struct {
	base string
	http *http.Client
	in   io.Reader
	out  io.Writer
}

// get reads an answer into v, for a command that takes no arguments beyond its flags.
func (c control) get(ctx context.Context, args []string, what string, v any) error {
	if len(args) != 0 {
		return errUsage
	}
	answer, err := c.call(ctx, http.MethodGet, what, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, v); err != nil {
		return fmt.Errorf("read the %s: %w", what, err)
	}
	return nil
}

// call sends one request and returns the body of the answer. A status other than 2xx is an error with its text.
func (c control) call(ctx context.Context, method, what string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/_sandbox/"+what, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("no sandbox at %s; start one with make sandbox: %w", c.base, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 32<<20))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if resp.StatusCode/100 == 2 {
		return answer, nil
	}
	var refusal struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(answer, &refusal) == nil && refusal.Error != "" {
		return nil, errors.New(refusal.Error)
	}
	return nil, fmt.Errorf("%s answered %s, which is not a sandbox's answer", req.URL, resp.Status)
}
