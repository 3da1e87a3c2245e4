package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// state is the content of the state file.
type state struct {
	// Offset is how far the clock is from real time, as a Go duration.
	Offset string `json:"offset"`
	// Clouds is what each simulator has saved.
	Clouds map[string]json.RawMessage `json:"clouds"`
}

// save replaces the state file in one step. The caller holds the lock.
func (s *Sandbox) save() error {
	file := s.options.StateFile
	if file == "" {
		return nil
	}
	out := state{Offset: s.clock.Offset.String(), Clouds: map[string]json.RawMessage{}}
	for _, c := range s.clouds {
		saved, err := c.simulator.Save()
		if err != nil {
			return fmt.Errorf("the state of %s cannot be saved: %w", c.name, err)
		}
		out.Clouds[c.name] = saved
	}
	content, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("the state cannot be saved: %w", err)
	}
	if err := replace(file, content); err != nil {
		return fmt.Errorf("the state file %s cannot be written: %w", file, err)
	}
	return nil
}

// replace replaces a file in one step. It does not wait for the disk: the file survives the end of the process, but not
// of the machine.
func replace(file string, content []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}

// load reads the state to begin with, if there is one. Every error of the state file names it.
func (s *Sandbox) load() error {
	file := s.options.StateFile
	if file == "" {
		if s.options.State == nil {
			return nil
		}
		return s.restore(s.options.State)
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = s.restore(content)
	}
	if err != nil {
		return fmt.Errorf("the state file %s cannot be used (delete it to start anew): %w", file, err)
	}
	return nil
}

func (s *Sandbox) restore(content []byte) error {
	var in state
	if err := json.Unmarshal(content, &in); err != nil {
		return err
	}
	offset, err := time.ParseDuration(in.Offset)
	if err != nil {
		return err
	}
	for name := range in.Clouds {
		if s.find(name) == nil {
			return fmt.Errorf("it holds the cloud %q, which this sandbox does not have", name)
		}
	}
	s.clock.Offset = offset
	for _, c := range s.clouds {
		saved, ok := in.Clouds[c.name]
		if !ok {
			continue // A cloud that is newer than the file begins with its seed.
		}
		if err := c.simulator.Load(saved); err != nil {
			return fmt.Errorf("the state of %s: %w", c.name, err)
		}
	}
	return nil
}
