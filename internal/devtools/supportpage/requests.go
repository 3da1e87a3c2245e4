package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// budget is the part of a driver's testdata/budget.json that the page shows. The stories of internal/acctest hold it.
type budget struct {
	Plan int `json:"plan"`
	// PlanLists is true if the plan makes the listing that a create soon after shares.
	PlanLists bool `json:"plan_lists"`
	Create    int  `json:"create"`
	Read      int  `json:"read"`
	Update    int  `json:"update"`
	Delete    int  `json:"delete"`
}

// apply returns how many requests the apply of a create sends, with the plan that Terraform repeats.
func (b budget) apply() int {
	if b.PlanLists {
		return b.Plan + b.Create
	}
	return b.Plan + listing + b.Create
}

// callsFiles are the files in a driver's testdata that list the requests of each operation on another noun, in the
// order of the page. A cloud that does not support the noun has no file.
var callsFiles = []struct {
	file, noun string
	operations []string
}{
	{"restore_calls.json", "restore", []string{"plan", "restore"}},
	{"image_calls.json", "custom image", []string{"create", "refresh", "update", "delete"}},
	{"volume_calls.json", "volume", []string{"create", "refresh", "update", "delete"}},
}

// listing is the listing before a create.
const listing = 1

// requests writes how many requests each operation sends. folder has a folder for each cloud, with the figures that the
// tests hold.
func requests(b *strings.Builder, drivers []driver.Driver, folder string) error {
	b.WriteString("\n## Requests\n\nHow many requests an operation sends, for accounts with a rate limit. Waiting for " +
		"slow work adds its polls. Terraform plans an operation once more when it applies, and the numbers of an apply " +
		"include that. Creates of one account, zone or source that begin within five seconds share a listing.\n\n")
	budgets := make([]budget, len(drivers))
	for i, d := range drivers {
		if err := readFigures(folder, d, "budget.json", &budgets[i]); err != nil {
			return err
		}
	}
	number := func(label string, of func(d driver.Descriptor, b budget) int) []string {
		out := []string{label}
		for i, d := range drivers {
			out = append(out, count(of(d.Descriptor(), budgets[i])))
		}
		return out
	}
	rows := [][]string{
		number("snapshot: plan a create", func(_ driver.Descriptor, b budget) int { return b.Plan }),
		number("snapshot: apply a create", func(_ driver.Descriptor, b budget) int { return b.apply() }),
		number("snapshot: refresh", func(_ driver.Descriptor, b budget) int { return b.Read }),
		number("snapshot: update", func(_ driver.Descriptor, b budget) int { return b.Update }),
		number("snapshot: delete", func(_ driver.Descriptor, b budget) int { return b.Delete }),
		number("rotation: refresh", func(driver.Descriptor, budget) int { return 1 }),
		number("rotation: plan a run", func(driver.Descriptor, budget) int { return 1 }),
		number("rotation: apply a run that deletes one", func(d driver.Descriptor, b budget) int {
			if d.Limits.SingleSnapshot() {
				// The create overwrites the old one, and lists operations.
				return 1 + listing + 1 + b.Create
			}
			return 1 + listing + b.Create + b.Delete
		}),
	}
	for _, f := range callsFiles {
		calls := make([]map[string][]string, len(drivers))
		for i, d := range drivers {
			if err := readFigures(folder, d, f.file, &calls[i]); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		for _, operation := range f.operations {
			out := []string{f.noun + ": " + operation}
			for i := range drivers {
				out = append(out, count(len(calls[i][operation])))
			}
			rows = append(rows, out)
		}
	}
	table(b, drivers, rows)
	b.WriteString("\nThe numbers of restores, images and volumes include one poll. A refresh of a rotation is one " +
		"listing, whatever the number of its snapshots, and one request more for each snapshot that the listing lacks.\n")
	return nil
}

// readFigures reads a file in the testdata of a driver.
func readFigures(folder string, d driver.Driver, file string, into any) error {
	raw, err := os.ReadFile(filepath.Join(folder, d.Descriptor().Name, "testdata", file))
	if err != nil {
		return fmt.Errorf("read the figures: %w", err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read the figures in %s: %w", file, err)
	}
	return nil
}

func count(n int) string {
	if n == 0 {
		return none
	}
	return strconv.Itoa(n)
}
