# Two commands: `make lab` to learn, `make test` to prove that all of it works.
# Each also works as plain pip and pytest lines: see README and CONTRIBUTING.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# make lab LOCKED=1: the versions of requirements.lock, the same on every computer of a room.
LEARNER := $(VENV)/$(if $(LOCKED),locked,learner).done

.PHONY: lab test doors floors bundle lock platforms lessons address bench layers streaming endurance faces mistakes ablation rivals clinic tuning larger_batches sharing in_a_page editions site site_generators

lab: $(LEARNER)
	JUPYTER_CONFIG_PATH="$(CURDIR)/binder" $(BIN)/jupyter lab \
		--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(LAB_OPTIONS)

test: $(VENV)/tester.done
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# Walk the doors as a person would: Binder, JupyterLab in a browser, Colab, other versions.
# Needs Linux, Chromium, and Python 3.10, 3.12 and 3.13. 11 minutes on two cores, the first time:
# three at a time, since a kernel that begins, and a share of one core, leave much of them free.
doors: $(VENV)/walker.done $(VENV)/site.done
	$(BIN)/python -m pytest --numprocesses 3 --dist loadgroup --durations 12 \
		$(addprefix tests/doors/,binder.py versions.py jupyterlab.py colab.py hub.py site.py)

# The whole suite with every requirement at its floor: about 11 minutes.
floors: $(VENV)/walker.done
	"$$($(BIN)/python -m tests.doors.environments)" -m pytest --numprocesses 2 --dist loadfile

# The folder for a stick, for a room without a network: downloads 1.6 GB the first time.
bundle: $(VENV)/tester.done
	$(BIN)/python -m helpers.classroom.bundle $(or $(FOLDER),dist/bundle) $(BUNDLE_OPTIONS)

# All versions anew, for every platform and Python of the README. Intel Macs, for which TensorFlow
# ends at 2.16, get versions of their own: else they would hold back all others.
INTEL_MAC := sys_platform == "darwin" and platform_machine == "x86_64"
OTHERS := sys_platform != "darwin" or platform_machine != "x86_64"
lock: $(VENV)/walker.done
	printf '%s\n' pip 'tensorflow<2.17; $(INTEL_MAC)' 'tensorflow>=2.18; $(OTHERS)' 'numpy>=2; $(OTHERS)' \
		| $(BIN)/python -m uv pip compile --quiet --upgrade --universal --python-version 3.10 \
		--only-binary :all: --generate-hashes --custom-compile-command "make lock" \
		--output-file requirements.lock requirements.txt -

# For which platforms and Pythons the package index has all wheels: red where the README's table
# says something else. make platforms WRITE=1 puts it right.
platforms: $(VENV)/walker.done
	$(BIN)/python -m tests.doors.platforms $(if $(WRITE),--write)

# Run the lessons in the workshop profile on drawn faces and keep their outputs.
lessons: $(VENV)/tester.done
	$(BIN)/python -m tests.lesson_tools run $(LESSONS)

# A training killed with -9 again and again, twenty times in a row: about 25 minutes; then twenty
# kills among two workers: about 4 minutes.
endurance: $(VENV)/tester.done
	$(BIN)/python -m tests.training.kill_training 20
	$(BIN)/python -m tests.training.kill_workers 20

# How fast a step of the full nets is, beside PyTorch in an environment of its own: about 8 minutes.
bench: $(VENV)/tester.done $(VENV)/pytorch/done
	$(BIN)/python -m benchmarks.step_speed --pytorch-python $(VENV)/pytorch/bin/python

# What a step of the compact nets is made of, layer by layer, at each size: about a minute.
layers: $(VENV)/tester.done
	$(BIN)/python -m benchmarks.step_by_layer

# Training on 100,000 pictures that are read from disk: six minutes, and 6 GB of disk.
streaming: $(VENV)/tester.done
	$(BIN)/python -m benchmarks.streaming

# What two workers do that share each step, with a core each: about 8 minutes.
sharing: $(VENV)/tester.done
	$(BIN)/python -m benchmarks.sharing

# A generator that draws in a page: our own lines beside onnxruntime-web, in Chromium on one core:
# three minutes, and some more the first time.
in_a_page: $(VENV)/in_a_page/done
	$(VENV)/in_a_page/bin/python -m benchmarks.generator_in_a_page \
		--runtime-folder $(VENV)/in_a_page/node_modules/onnxruntime-web/dist

# How good the compact recipe's faces are after so many minutes, three seeds, at each size: two
# hours and a half. It also keeps the generators that lessons 00 and 08 show.
faces: $(VENV)/tester.done
	$(BIN)/python -m benchmarks.faces_in_minutes --faces $(or $(FACES),lfw)
	$(BIN)/python -m benchmarks.faces_in_minutes --faces $(or $(FACES),lfw) --size 100 --keep-generator
	$(BIN)/python -m benchmarks.faces_in_minutes --faces $(or $(FACES),lfw) --size 200 --keep-generator
	$(BIN)/python -m benchmarks.growing_faces

# One mistake of the chapter's loop at a time, three seeds, on drawn faces and photographs: about
# 35 minutes.
mistakes: $(VENV)/tester.done
	$(BIN)/python -m benchmarks.mistakes

# What each change on the way to the compact recipe buys, three seeds, on photographs and on the
# drawn person: about 36 minutes; and what 100 x 100 needs: 36 minutes of training.
ablation: $(VENV)/tester.done
	$(BIN)/python -m benchmarks.ablation
	$(BIN)/python -m benchmarks.ablation --faces drawn --files ablation_drawn
	$(BIN)/python -m benchmarks.ablation --size 100 --seconds 240

# The compact recipe beside two others, four minutes and three seeds each: about 48 minutes; and
# the same at 100 x 100.
rivals: $(VENV)/tester.done $(VENV)/lightweight/done
	$(BIN)/python -m benchmarks.rivals --faces $(or $(FACES),lfw) \
		--lightweight-python $(VENV)/lightweight/bin/python
	$(BIN)/python -m benchmarks.rivals --faces $(or $(FACES),lfw) --size 100 \
		--lightweight-python $(VENV)/lightweight/bin/python

# Does the health panel name what is wrong? Twelve faults and a healthy training, twenty seeds, on
# drawn faces and photographs: about 75 minutes.
clinic: $(VENV)/tester.done
	$(BIN)/python -m benchmarks.clinic

# What each knob of lesson 07 does, three seeds a place: about 30 minutes.
tuning: $(VENV)/tester.done
	$(BIN)/python -m benchmarks.tuning

# What larger batches do to the two players, three seeds: about seven minutes.
larger_batches: $(VENV)/tester.done
	$(BIN)/python -m benchmarks.larger_batches

# Student and instructor editions, slides and a handout. make editions REPLACE=1 throws older ones away.
editions: $(VENV)/tester.done
	$(BIN)/python -m helpers.classroom.editions "$(or $(FOLDER),dist/editions)" $(if $(REPLACE),--replace)

# The two generators that only the site has, and the directions of all: about half an hour.
SITE_RUNS := runs/site_generators
site_generators: $(VENV)/tester.done
	mkdir -p $(SITE_RUNS)
	$(BIN)/python -m benchmarks.faces_in_minutes --faces lfw --seeds 0 --minutes 15 \
		--folder $(SITE_RUNS) --keep-generator
	$(BIN)/python -m benchmarks.faces_in_minutes --faces drawn --size 100 --seeds 0 --minutes 10 \
		--folder $(SITE_RUNS) --keep-generator
	$(BIN)/python -m website.directions

# The course as a web site that needs nothing installed, in dist/site: a minute on two cores.
# make site FOLDER=path makes it elsewhere.
site: $(VENV)/site.done
	$(BIN)/python -m website.build "$(or $(FOLDER),dist/site)"

# Where the course lives: make address REPOSITORY=account/name
address: $(VENV)/tester.done
	$(BIN)/python -m tests.lesson_tools address $(REPOSITORY)

$(VENV)/learner.done: requirements.txt
$(VENV)/locked.done: requirements.lock
$(VENV)/learner.done $(VENV)/locked.done:
	@$(PYTHON) -m helpers.classroom.check_setup --computer || \
		{ echo "With another Python: make PYTHON=python3.12 lab"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r $<
	touch $@

$(VENV)/tester.done: $(LEARNER) tests/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@

$(VENV)/walker.done: $(VENV)/tester.done tests/doors/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/doors/requirements.txt
	touch $@

$(VENV)/site.done: $(LEARNER) website/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r website/requirements.txt
	touch $@

$(VENV)/pytorch/done: benchmarks/requirements.txt
	$(PYTHON) -m venv $(VENV)/pytorch
	$(VENV)/pytorch/bin/pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	touch $@

$(VENV)/lightweight/done: benchmarks/lightweight_requirements.txt
	$(PYTHON) -m venv $(VENV)/lightweight
	$(VENV)/lightweight/bin/pip install --quiet --disable-pip-version-check -r benchmarks/lightweight_requirements.txt
	touch $@

$(VENV)/in_a_page/done: requirements.txt benchmarks/generator_in_a_page_requirements.txt
	$(PYTHON) -m venv $(VENV)/in_a_page
	$(VENV)/in_a_page/bin/pip install --quiet --disable-pip-version-check \
		-r requirements.txt -r benchmarks/generator_in_a_page_requirements.txt
	$(VENV)/in_a_page/bin/npm install --prefix $(VENV)/in_a_page --ignore-scripts --no-audit \
		--no-fund --silent onnxruntime-web@1.30.0
	touch $@
